// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import io.criollo.linux.Signals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Argument vectors for an OCI runtime, in the command line that crun, runc, and runsc of gVisor
/// share.
public record RuntimeCommands(OciRuntimeSettings settings) {

  /// The log receives the runtime's own messages as JSON lines: stderr belongs to the container.
  public List<String> create(OciRuntime.Creation creation) {
    return creating("create", creation);
  }

  /// Creates and starts in one; the container is then an orphan of the runtime.
  public List<String> runDetached(OciRuntime.Creation creation) {
    return creating("run", creation, "--detach");
  }

  private List<String> creating(String verb, OciRuntime.Creation creation, String... options) {
    var argv = logging(creation.reports().log());
    argv.add(verb);
    argv.addAll(List.of(options));
    argv.addAll(List.of("--bundle", creation.bundle().toString()));
    argv.addAll(List.of("--pid-file", creation.reports().pidFile().toString()));
    creation
        .consoleSocket()
        .ifPresent(socket -> argv.addAll(List.of("--console-socket", socket.toString())));
    argv.add(creation.id());
    return argv;
  }

  /// Starts a process in a container and returns when it runs; it is then an orphan of the runtime.
  /// That it has a terminal is said in its document.
  public List<String> exec(OciRuntime.Execution execution) {
    var argv = logging(execution.reports().log());
    argv.addAll(List.of("exec", "--detach"));
    argv.addAll(List.of("--pid-file", execution.reports().pidFile().toString()));
    execution
        .consoleSocket()
        .ifPresent(socket -> argv.addAll(List.of("--console-socket", socket.toString())));
    execution
        .innerPidFile()
        .ifPresent(file -> argv.addAll(List.of("--internal-pid-file", file.toString())));
    execution.cgroup().ifPresent(name -> argv.addAll(List.of("--cgroup", name)));
    argv.addAll(List.of("--process", execution.processJson().toString(), execution.id()));
    return argv;
  }

  public List<String> start(String id) {
    return plain("start", id);
  }

  public List<String> kill(String id, int signal) {
    return plain("kill", id, Integer.toString(signal));
  }

  /// Only runtimes with sandboxes have it.
  ///
  /// @param option whether the number is that of a process or of its group
  List<String> killInside(String id, String option, long pid) {
    return plain("kill", option, Long.toString(pid), id, Integer.toString(Signals.SIGKILL));
  }

  public List<String> delete(String id, boolean force) {
    return force ? plain("delete", "--force", id) : plain("delete", id);
  }

  /// Ends when the container has, and prints how. Only runtimes with sandboxes have it.
  public List<String> await(String id, Path log) {
    var argv = logging(log);
    argv.addAll(List.of("wait", id));
    return argv;
  }

  public List<String> features() {
    return plain("features");
  }

  public List<String> version() {
    return List.of(settings.path().toString(), "--version");
  }

  private List<String> plain(String... rest) {
    var argv = global();
    argv.addAll(List.of("--log-format", "json"));
    argv.addAll(List.of(rest));
    return argv;
  }

  private List<String> logging(Path log) {
    var argv = global();
    argv.addAll(List.of("--log", log.toString(), "--log-format", "json"));
    return argv;
  }

  private List<String> global() {
    var argv = new ArrayList<String>();
    argv.addAll(List.of(settings.path().toString(), "--root", settings.root().toString()));
    if (settings.systemdCgroup()) {
      argv.add("--systemd-cgroup");
    }
    return argv;
  }
}
