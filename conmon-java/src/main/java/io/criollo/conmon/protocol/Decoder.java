// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import io.criollo.conmon.oci.OciRuntimeSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/// JSON to messages; whatever is wrong with the bytes comes out as a [ProtocolException].
public final class Decoder {
  private Decoder() {}

  public static Message decode(byte[] json) throws ProtocolException {
    Fields fields = Fields.parse(json);
    try {
      return message(fields);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ProtocolException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Message message(Fields fields) throws ProtocolException {
    String type = fields.string("type");
    return switch (type) {
      case "hello" ->
          new Hello(fields.integer("version"), fields.integer("oldest"), fields.number("pid"));
      case "create" -> create(fields);
      case "run" -> new Request.Run(create(fields));
      case "exec" -> exec(fields);
      case "reopenLog" -> new Request.ReopenLog(fields.string("id"));
      case "forget" -> new Request.Forget(fields.string("id"));
      case "acknowledge" -> new Request.Acknowledge(fields.string("id"));
      case "list" -> new Request.ListContainers();
      case "subscribe" -> new Request.Subscribe();
      case "attach" -> new Request.Attach(fields.string("id"));
      case "execStream" ->
          new Request.ExecStream(exec(fields), fields.flag("terminal"), fields.flag("stdin"));
      case "resize" -> new Request.Resize(fields.integer("columns"), fields.integer("rows"));
      case "upgrade" -> new Request.Upgrade(fields.texts("command"));
      case "closeInput" -> new Request.CloseInput();
      case "hangUp" -> new Request.HangUp();
      case "shareTerminal" -> new Request.ShareTerminal(fields.string("id"));
      case "returnTerminal" -> new Request.ReturnTerminal(fields.string("id"));
      case "started" -> new Reply.Started();
      case "created" -> process(fields);
      case "exit" -> exit(fields);
      case "done" -> new Reply.Done();
      case "failed" -> new Reply.Failed(kind(fields.string("kind")), fields.string("message"));
      case "taken" -> new Reply.Taken(fields.integer("count"));
      case "execEnded" -> new Reply.ExecEnded(fields.integer("exitCode"));
      case "listing" -> listing(fields);
      default -> throw new ProtocolException("unknown message: " + type);
    };
  }

  private static CreateRequest create(Fields fields) throws ProtocolException {
    return new CreateRequest(
        fields.string("id"),
        path(fields, "bundle"),
        runtime(fields.fields("runtime")),
        stdio(fields.fields("stdio")),
        path(fields, "cgroup"),
        fields.has("inSandbox") && fields.flag("inSandbox")); // older daemons say nothing of it
  }

  private static ContainerStdio stdio(Fields fields) throws ProtocolException {
    Optional<Path> log = fields.has("log") ? Optional.of(path(fields, "log")) : Optional.empty();
    return new ContainerStdio(
        log,
        policy(fields),
        owner(fields),
        fields.flag("terminal"),
        fields.flag("stdin"),
        fields.flag("stdinOnce"));
  }

  /// Older daemons say nothing of it.
  private static LogPolicy policy(Fields fields) throws ProtocolException {
    if (!fields.has("logSizeMax")) {
      return LogPolicy.PLAIN;
    }
    Optional<String> journal =
        fields.has("journal") ? Optional.of(fields.string("journal")) : Optional.empty();
    return new LogPolicy(fields.number("logSizeMax"), fields.flag("logDropping"), journal);
  }

  /// Older daemons say nothing of it.
  private static StreamOwner owner(Fields fields) throws ProtocolException {
    return fields.has("uid")
        ? new StreamOwner(fields.integer("uid"), fields.integer("gid"))
        : StreamOwner.ROOT;
  }

  private static ExecRequest exec(Fields fields) throws ProtocolException {
    return new ExecRequest(
        fields.string("id"),
        runtime(fields.fields("runtime")),
        path(fields, "process"),
        Duration.ofMillis(fields.number("timeoutMillis")),
        fields.integer("limit"));
  }

  private static OciRuntimeSettings runtime(Fields fields) throws ProtocolException {
    return new OciRuntimeSettings(
        fields.string("name"),
        path(fields, "path"),
        path(fields, "root"),
        fields.flag("systemdCgroup"),
        createLimit(fields));
  }

  /// Older daemons say nothing of it, and older monitors do not look at it.
  private static Duration createLimit(Fields fields) throws ProtocolException {
    return fields.has("createLimitMillis")
        ? Duration.ofMillis(fields.number("createLimitMillis"))
        : OciRuntimeSettings.USUAL_CREATE_LIMIT;
  }

  private static Reply.Listing listing(Fields fields) throws ProtocolException {
    var containers = new ArrayList<MonitoredContainer>();
    for (Fields each : fields.list("containers")) {
      Optional<ExitRecord> exit =
          each.has("exit") ? Optional.of(exit(each.fields("exit"))) : Optional.empty();
      containers.add(new MonitoredContainer(each.string("id"), process(each), exit, loss(each)));
    }
    return new Reply.Listing(containers);
  }

  /// Older monitors do not count.
  private static LogLoss loss(Fields fields) throws ProtocolException {
    return fields.has("logRefused")
        ? new LogLoss(
            fields.number("logRefused"), fields.number("logDropped"), fields.number("logUnsent"))
        : LogLoss.NONE;
  }

  private static ExitRecord exit(Fields fields) throws ProtocolException {
    if (fields.integer("format") != 1) {
      throw new ProtocolException("unknown exit format " + fields.integer("format"));
    }
    Instant at = Instant.ofEpochSecond(fields.number("atSeconds"), fields.integer("atNanos"));
    return new ExitRecord(
        fields.string("id"),
        fields.integer("exitCode"),
        at,
        fields.flag("oomKilled"),
        fields.string("reason"));
  }

  private static CreatedProcess process(Fields fields) throws ProtocolException {
    return new CreatedProcess(fields.number("pid"), fields.number("startTime"));
  }

  private static Path path(Fields fields, String name) throws ProtocolException {
    try {
      return Path.of(fields.string(name));
    } catch (InvalidPathException e) {
      throw new ProtocolException("bad path in " + name, e);
    }
  }

  private static FailureKind kind(String name) {
    for (FailureKind kind : FailureKind.values()) {
      if (kind.name().equals(name)) {
        return kind;
      }
    }
    return FailureKind.SYSTEM; // a newer monitor may know more kinds
  }
}
