// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.criollo.conmon.oci.OciRuntimeSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Messages to JSON. [Decoder] is its mirror.
public final class Encoder {
  private final JsonGenerator json;

  private Encoder(JsonGenerator json) {
    this.json = json;
  }

  public static byte[] encode(Message message) {
    var out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = Fields.JSON.createGenerator(out)) {
      new Encoder(json).write(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  private void write(Message message) throws IOException {
    json.writeStartObject();
    switch (message) {
      case Hello hello -> hello(hello);
      case Request request -> request(request);
      case Reply reply -> reply(reply);
    }
    json.writeEndObject();
  }

  private void hello(Hello hello) throws IOException {
    type("hello");
    json.writeNumberField("version", hello.version());
    json.writeNumberField("oldest", hello.oldest());
    json.writeNumberField("pid", hello.pid());
  }

  private void request(Request request) throws IOException {
    switch (request) {
      case CreateRequest create -> create("create", create);
      case Request.Run(CreateRequest container) -> create("run", container);
      case ExecRequest exec -> {
        type("exec");
        execFields(exec);
      }
      case Request.ReopenLog reopen -> named("reopenLog", reopen.containerId());
      case Request.Forget forget -> named("forget", forget.containerId());
      case Request.Acknowledge ack -> named("acknowledge", ack.containerId());
      case Request.ListContainers _ -> type("list");
      case Request.Subscribe _ -> type("subscribe");
      case Request.Attach attach -> named("attach", attach.containerId());
      case Request.ShareTerminal share -> named("shareTerminal", share.containerId());
      case Request.ReturnTerminal give -> named("returnTerminal", give.containerId());
      case Request.Upgrade(List<String> command) -> {
        type("upgrade");
        json.writeArrayFieldStart("command");
        for (String word : command) {
          json.writeString(word);
        }
        json.writeEndArray();
      }
      case Request.CloseInput _ -> type("closeInput");
      case Request.HangUp _ -> type("hangUp");
      case Request.ExecStream stream -> {
        type("execStream");
        execFields(stream.exec());
        json.writeBooleanField("terminal", stream.terminal());
        json.writeBooleanField("stdin", stream.stdin());
      }
      case Request.Resize(int columns, int rows) -> {
        type("resize");
        json.writeNumberField("columns", columns);
        json.writeNumberField("rows", rows);
      }
    }
  }

  private void reply(Reply reply) throws IOException {
    switch (reply) {
      case CreatedProcess process -> {
        type("created");
        process(process);
      }
      case ExitRecord exit -> {
        type("exit");
        exit(exit);
      }
      case Reply.Done _ -> type("done");
      case Reply.Started _ -> type("started");
      case Reply.Failed failed -> {
        type("failed");
        json.writeStringField("kind", failed.kind().name());
        json.writeStringField("message", failed.message());
      }
      case Reply.Taken(int count) -> {
        type("taken");
        json.writeNumberField("count", count);
      }
      case Reply.ExecEnded ended -> {
        type("execEnded");
        json.writeNumberField("exitCode", ended.exitCode());
      }
      case Reply.Listing listing -> listing(listing);
    }
  }

  private void create(String type, CreateRequest create) throws IOException {
    named(type, create.id());
    json.writeStringField("bundle", create.bundle().toString());
    runtime(create.runtime());
    json.writeObjectFieldStart("stdio");
    path("log", create.stdio().log());
    policy(create.stdio().policy());
    json.writeNumberField("uid", create.stdio().owner().uid());
    json.writeNumberField("gid", create.stdio().owner().gid());
    json.writeBooleanField("terminal", create.stdio().terminal());
    json.writeBooleanField("stdin", create.stdio().stdin());
    json.writeBooleanField("stdinOnce", create.stdio().stdinOnce());
    json.writeEndObject();
    json.writeStringField("cgroup", create.cgroup().toString());
    json.writeBooleanField("inSandbox", create.inSandbox());
  }

  /// Older monitors know nothing of it.
  private void policy(LogPolicy policy) throws IOException {
    json.writeNumberField("logSizeMax", policy.sizeMax());
    json.writeBooleanField("logDropping", policy.dropping());
    if (policy.journal().isPresent()) {
      json.writeStringField("journal", policy.journal().get());
    }
  }

  private void execFields(ExecRequest exec) throws IOException {
    json.writeStringField("id", exec.containerId());
    runtime(exec.runtime());
    json.writeStringField("process", exec.processJson().toString());
    json.writeNumberField("timeoutMillis", exec.timeout().toMillis());
    json.writeNumberField("limit", exec.limit());
  }

  private void listing(Reply.Listing listing) throws IOException {
    type("listing");
    json.writeArrayFieldStart("containers");
    for (MonitoredContainer container : listing.containers()) {
      json.writeStartObject();
      json.writeStringField("id", container.id());
      process(container.process());
      json.writeNumberField("logRefused", container.loss().refused());
      json.writeNumberField("logDropped", container.loss().dropped());
      json.writeNumberField("logUnsent", container.loss().unsent());
      if (container.exit().isPresent()) {
        json.writeObjectFieldStart("exit");
        exit(container.exit().get());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void exit(ExitRecord exit) throws IOException {
    Instant at = exit.at();
    json.writeNumberField("format", 1); // the same object is kept in a file
    json.writeStringField("id", exit.containerId());
    json.writeNumberField("exitCode", exit.exitCode());
    json.writeNumberField("atSeconds", at.getEpochSecond());
    json.writeNumberField("atNanos", at.getNano());
    json.writeBooleanField("oomKilled", exit.oomKilled());
    json.writeStringField("reason", exit.reason());
  }

  private void process(CreatedProcess process) throws IOException {
    json.writeNumberField("pid", process.pid());
    json.writeNumberField("startTime", process.startTime());
  }

  private void runtime(OciRuntimeSettings runtime) throws IOException {
    json.writeObjectFieldStart("runtime");
    json.writeStringField("name", runtime.name());
    json.writeStringField("path", runtime.path().toString());
    json.writeStringField("root", runtime.root().toString());
    json.writeBooleanField("systemdCgroup", runtime.systemdCgroup());
    json.writeNumberField("createLimitMillis", runtime.createLimit().toMillis());
    json.writeEndObject();
  }

  private void named(String type, String id) throws IOException {
    type(type);
    json.writeStringField("id", id);
  }

  private void path(String name, Optional<Path> path) throws IOException {
    if (path.isPresent()) {
      json.writeStringField(name, path.get().toString());
    }
  }

  private void type(String type) throws IOException {
    json.writeStringField("type", type);
  }
}
