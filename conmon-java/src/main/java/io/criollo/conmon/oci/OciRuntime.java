// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.conmon.oci.OciRuntimeException.Kind;
import io.criollo.linux.Child;
import io.criollo.linux.ExitStatus;
import io.criollo.linux.Fd;
import io.criollo.linux.Signals;
import io.criollo.linux.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs an OCI runtime (crun, runc, …) to its end, each verb one process. Thread-safe; verbs
/// without streams may be called from virtual threads.
public final class OciRuntime {
  /// A runtime that takes longer hangs, unless it creates a container.
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  /// crun's first process ends well when SIGPIPE has ended the one that makes the container.
  private static final String DIED =
      "it died over its work, as crun does when a hook ends before it has read its input";

  /// The exit code of whom SIGPIPE has ended.
  private static final int BROKEN_PIPE = 128 + Signals.SIGPIPE;

  private static final int OUTPUT = 1 << 20;
  private static final int LOG_READ = 64 << 10;

  private static final List<String> VERBS =
      List.of("create", "run", "start", "exec", "kill", "delete", "features");

  private final OciRuntimeSettings settings;
  private final RuntimeCommands commands;

  public OciRuntime(OciRuntimeSettings settings) {
    this.settings = settings;
    this.commands = new RuntimeCommands(settings);
  }

  /// Starts the user's process of a created container.
  public void start(String id) throws IOException, InterruptedException {
    run(commands.start(id));
  }

  /// Sends a signal to the container's first process.
  public void kill(String id, int signal, Duration limit) throws IOException, InterruptedException {
    run(commands.kill(id, signal), limit);
  }

  /// Kills a process that [#exec] has started in a sandbox, with all of its group if the runtime
  /// knows how.
  ///
  /// @param pid as the sandbox counts
  public void killInside(String id, long pid, Duration limit)
      throws IOException, InterruptedException {
    try {
      run(commands.killInside(id, "--pgid", pid), limit);
    } catch (OciRuntimeException _) { // before 2026 runsc has no such option
      run(commands.killInside(id, "--pid", pid), limit);
    }
  }

  /// Removes a stopped container, or with `force` any; one that does not exist is no error.
  public void delete(String id, boolean force) throws IOException, InterruptedException {
    try {
      run(commands.delete(id, force));
    } catch (OciRuntimeException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  /// {@return the features object of the runtime, as JSON}
  public String features() throws IOException, InterruptedException {
    return run(commands.features());
  }

  /// {@return the first line of `--version`, such as `crun version 1.28`}
  public String version() throws IOException, InterruptedException {
    return run(commands.version()).lines().findFirst().orElse("");
  }

  private String run(List<String> argv) throws IOException, InterruptedException {
    return run(argv, LIMIT);
  }

  private String run(List<String> argv, Duration limit) throws IOException, InterruptedException {
    var command =
        new Spawn.Command(argv, ENVIRONMENT, Optional.empty(), new byte[0], limit, OUTPUT);
    Spawn.Result result = Spawn.run(command);
    if (result.timedOut()) {
      throw failed(argv, "took longer than " + limit, Kind.TIMED_OUT);
    }
    if (result.exitCode() != 0) {
      String reason =
          RuntimeMessages.error(result.stderr())
              .or(() -> RuntimeMessages.error(result.stdout()))
              .orElseGet(() -> Signals.ended(result.exitCode()));
      throw failed(argv, reason, kind(result.exitCode()));
    }
    return new String(result.stdout(), UTF_8);
  }

  /// Where a runtime writes to: the pid of the process that it made, and its own messages.
  public record Reports(Path pidFile, Path log) {
    /// {@return the last error in the messages}
    public Optional<String> error() throws IOException {
      try (var in = Files.newInputStream(log)) {
        return RuntimeMessages.error(in.readNBytes(LOG_READ));
      } catch (NoSuchFileException _) {
        return Optional.empty();
      }
    }
  }

  /// What `create` and `run` are given.
  public record Creation(String id, Path bundle, Reports reports, Optional<Path> consoleSocket) {}

  /// Creates a container whose standard streams are `streams`. Blocks: platform threads.
  public void create(Creation creation, Map<Integer, Fd> streams) throws IOException {
    run(commands.create(creation), streams, creation.reports(), settings.createLimit());
  }

  /// Creates a container and starts it, in one process of the runtime. Otherwise as [#create].
  public void runDetached(Creation creation, Map<Integer, Fd> streams) throws IOException {
    run(commands.runDetached(creation), streams, creation.reports(), settings.createLimit());
  }

  /// What `exec` is given.
  ///
  /// @param cgroup name of the cgroup below the container's, which exists
  /// @param innerPidFile where the pid inside of the sandbox goes, of a container that is in one
  public record Execution(
      String id,
      Path processJson,
      Reports reports,
      Duration limit,
      Optional<Path> consoleSocket,
      Optional<String> cgroup,
      Optional<Path> innerPidFile) {}

  /// Starts a process in a container, in a session of its own, and returns when it runs. Blocks:
  /// platform threads.
  public void exec(Execution execution, Map<Integer, Fd> streams) throws IOException {
    boolean shorter = execution.limit().isPositive() && execution.limit().compareTo(LIMIT) < 0;
    Duration limit = shorter ? execution.limit() : LIMIT;
    run(commands.exec(execution), streams, execution.reports(), limit);
  }

  /// Starts a process of the runtime that ends when a container has which is no process of the
  /// host. It outlives this one.
  ///
  /// @param answer where it writes how the container ended, as [WaitAnswer] reads it
  /// @param log of the runtime's own messages
  public Child await(String id, Fd answer, Path log) throws IOException {
    var launch =
        new Spawn.Launch(
            commands.await(id, log),
            ENVIRONMENT,
            Optional.empty(),
            Map.of(1, answer),
            Spawn.Group.OWN_SESSION);
    return Spawn.start(launch);
  }

  /// {@return whether a process of an exec can be started in a cgroup of its own}
  public boolean hasExecCgroups() throws IOException {
    return ExecOptions.hasCgroup(settings.path());
  }

  private void run(List<String> argv, Map<Integer, Fd> streams, Reports reports, Duration limit)
      throws IOException {
    var launch =
        new Spawn.Launch(argv, ENVIRONMENT, Optional.empty(), streams, Spawn.Group.OWN_SESSION);
    try (Child child = Spawn.start(launch)) {
      forgiveOom(child.pid());
      Optional<ExitStatus> exit = child.waitExit(limit);
      if (exit.isEmpty()) {
        child.signalGroup(Signals.SIGKILL);
        var _ = child.waitExit();
        throw failed(argv, "took longer than " + limit, Kind.TIMED_OUT);
      }
      if (exit.get().exitCode() != 0) {
        int code = exit.get().exitCode();
        throw failed(argv, reports.error().orElseGet(() -> Signals.ended(code)), kind(code));
      }
      if (!Files.exists(reports.pidFile())) {
        throw failed(argv, reports.error().orElse(DIED), Kind.BROKEN_PIPE);
      }
    }
  }

  /// The monitor's own OOM score is not for what it starts; the bundle's takes over from here.
  private static void forgiveOom(long pid) {
    try {
      Files.writeString(Path.of("/proc/" + pid + "/oom_score_adj"), "0");
    } catch (IOException _) { // it has ended already
      return;
    }
  }

  private static Kind kind(int exitCode) {
    return exitCode == BROKEN_PIPE ? Kind.BROKEN_PIPE : Kind.REFUSED;
  }

  private OciRuntimeException failed(List<String> argv, String reason, Kind kind) {
    String verb = argv.stream().filter(VERBS::contains).findFirst().orElse("--version");
    return new OciRuntimeException(settings.name() + " " + verb + ": " + reason, kind);
  }

  /// {@return how the runtime is set up}
  public OciRuntimeSettings settings() {
    return settings;
  }
}
