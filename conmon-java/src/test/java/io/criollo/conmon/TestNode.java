// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.conmon.client.ExecResult;
import io.criollo.conmon.client.ExitListener;
import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.client.MonitorSettings;
import io.criollo.conmon.client.Session;
import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.MonitoredContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A monitor of its own in a temporary folder, a real OCI runtime, and containers of busybox. A
/// host without cgroup v2 serves too: crun then leaves cgroups alone.
final class TestNode {
  static final boolean CGROUP_V2 = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
  private static final AtomicInteger COUNTER = new AtomicInteger();

  final Path folder;
  final MonitorSettings settings;
  final OciRuntimeSettings runtime;
  final BlockingQueue<ExitRecord> exits = new LinkedBlockingQueue<>();
  MonitorClient client;

  TestNode(Path folder, String runtimeName) throws IOException, MonitorException {
    this(folder, runtimeName, launch());
  }

  TestNode(Path folder, String runtimeName, List<String> launch)
      throws IOException, MonitorException {
    this(folder, runtimeName, launch, Optional.empty());
  }

  /// A daemon of its own kind, with another listener than [#exits].
  TestNode(Path folder, String runtimeName, ExitListener listener)
      throws IOException, MonitorException {
    this(folder, runtimeName, launch(), Optional.of(listener));
  }

  private TestNode(
      Path folder, String runtimeName, List<String> launch, Optional<ExitListener> listener)
      throws IOException, MonitorException {
    this.folder = folder;
    this.settings =
        new MonitorSettings(
            folder.resolve("monitor.sock"), folder.resolve("state"), folder.resolve("run"), launch);
    this.runtime =
        new OciRuntimeSettings(
            runtimeName, binary(runtimeName), folder.resolve("runtime/" + runtimeName), false);
    this.client = connect(listener.orElse(exits::add));
  }

  private static List<String> launch() {
    return launch("-XX:MaxDirectMemorySize=96m");
  }

  /// @param directMemory the flag that limits it
  static List<String> launch(String directMemory) {
    return List.of(
        System.getProperty("java.home") + "/bin/java",
        directMemory,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xms4m",
        "-Xmn1m",
        "-Xmx32m",
        "-XX:MaxHeapFreeRatio=50",
        "-XX:-ShrinkHeapInSteps",
        "-Xss256k",
        "-XX:ReservedCodeCacheSize=16m",
        "-XX:-UsePerfData",
        "-XX:TrimNativeHeapInterval=5000",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        "io.criollo.conmon.Main");
  }

  private Path binary(String name) throws IOException {
    Path found = Path.of("/usr/bin/" + name);
    Path path = Files.exists(found) ? found : Path.of("/usr/sbin/" + name);
    if (CGROUP_V2 || !name.equals("crun")) {
      return path;
    }
    Path wrapper = folder.resolve("crun-without-cgroups");
    Files.writeString(wrapper, "#!/bin/sh\nexec " + path + " --cgroup-manager=disabled \"$@\"\n");
    return Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));
  }

  MonitorClient connect(ExitListener listener) throws MonitorException {
    return MonitorClient.connect(settings, listener);
  }

  String newId() {
    return "c" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
  }

  Path log(String id) {
    return folder.resolve("logs").resolve(id).resolve("log");
  }

  CreateRequest request(String id, String... argv) throws IOException {
    return request(id, ContainerStdio.logged(log(id)), argv);
  }

  CreateRequest request(String id, ContainerStdio stdio, String... argv) throws IOException {
    Files.createDirectories(log(id).getParent());
    Path bundle = Files.createDirectories(settings.runDir().resolve("containers").resolve(id));
    Path bin = Files.createDirectories(folder.resolve("rootfs/bin"));
    for (String dir : List.of("proc", "dev", "sys", "tmp", "stop")) {
      Files.createDirectories(folder.resolve("rootfs/" + dir));
    }
    if (!Files.exists(bin.resolve("busybox"))) {
      Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
      for (String applet :
          List.of("sh", "sleep", "yes", "head", "true", "cat", "stty", "seq", "setsid")) {
        Files.createLink(bin.resolve(applet), bin.resolve("busybox"));
      }
    }
    Files.writeString(bundle.resolve("config.json"), config(id, stdio.terminal(), argv));
    return new CreateRequest(id, bundle, runtime, stdio, cgroup(id));
  }

  Path cgroup(String id) {
    return Path.of("/sys/fs/cgroup/criollo-test/" + id);
  }

  private String config(String id, boolean terminal, String... argv) {
    return """
    {"ociVersion":"1.0.2",
     "root":{"path":"%s","readonly":true},
     "process":%s,
     "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
               {"destination":"/dev","type":"tmpfs","source":"tmpfs"},
               {"destination":"/dev/pts","type":"devpts","source":"devpts",
                "options":["newinstance","ptmxmode=0666","mode=0620"]},
               {"destination":"/tmp","type":"tmpfs","source":"tmpfs"}],
     "linux":{"cgroupsPath":"/criollo-test/%s",
       "namespaces":[{"type":"pid"},{"type":"mount"},{"type":"ipc"},{"type":"uts"}]}}
    """
        .formatted(folder.resolve("rootfs"), process(terminal, argv), id);
  }

  static String process(String... argv) {
    return process(false, argv);
  }

  static String process(boolean terminal, String... argv) {
    var args = new StringBuilder();
    for (String arg : argv) {
      String escaped = arg.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      args.append(args.isEmpty() ? "" : ",").append('"').append(escaped).append('"');
    }
    return """
    {"terminal":%s,"user":{"uid":0,"gid":0},"cwd":"/","env":["PATH=/bin"],"oomScoreAdj":0,"args":[%s]}
    """
        .formatted(terminal, args);
  }

  /// A container that runs a shell script.
  CreatedProcess run(String id, String script) throws Exception {
    return run(id, ContainerStdio.logged(log(id)), script);
  }

  CreatedProcess run(String id, ContainerStdio stdio, String script) throws Exception {
    return client.run(request(id, stdio, "/bin/sh", "-c", script));
  }

  /// A command as a daemon starts, where that can be found again.
  static String farAway(String command) {
    return CGROUP_V2 ? "(setsid " + command + " &); " : "";
  }

  Session execStream(String id, boolean terminal, String script) throws Exception {
    return execStream(id, terminal, process(terminal, "/bin/sh", "-c", script).getBytes(UTF_8));
  }

  Session execProgram(String id, String program) throws Exception {
    return execStream(id, false, process(program).getBytes(UTF_8));
  }

  private Session execStream(String id, boolean terminal, byte[] process) throws Exception {
    Path json = Files.write(folder.resolve("stream.json"), process);
    var request = new ExecRequest(id, runtime, json, Duration.ZERO, 0);
    return client.exec(request, terminal, true);
  }

  ExecResult exec(String id, Duration timeout, int limit, String script) throws Exception {
    Path json = Files.createTempFile(folder, "exec", ".json");
    Files.writeString(json, process("/bin/sh", "-c", script));
    return ExecResult.of(client, new ExecRequest(id, runtime, json, timeout, limit));
  }

  ExitRecord nextExit() throws InterruptedException {
    return nextExit(Duration.ofSeconds(30));
  }

  ExitRecord nextExit(Duration patience) throws InterruptedException {
    ExitRecord exit = exits.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (exit == null) {
      throw new AssertionError("no exit was told within " + patience);
    }
    return exit;
  }

  void remove(String id) throws Exception {
    new OciRuntime(runtime).delete(id, true);
    exits.removeIf(exit -> exit.containerId().equals(id));
  }

  /// The log without times: `stdout F text`.
  static String plain(Path log) throws IOException {
    return new String(Files.readAllBytes(log), UTF_8).replaceAll("(?m)^\\S{30} ", "");
  }

  /// Finds the monitor by the command line that only it has.
  long monitorPid() {
    return findMonitor().orElseThrow();
  }

  private OptionalLong findMonitor() {
    return ProcessHandle.allProcesses()
        .filter(p -> commandLine(p.pid()).contains("--socket\0" + settings.socket() + "\0"))
        .filter(p -> commandLine(p.pid()).contains("io.criollo.conmon.Main"))
        .mapToLong(ProcessHandle::pid)
        .findFirst();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    } catch (IOException _) { // it has ended
      return "";
    }
  }

  /// During a storm there may be none.
  void killMonitorIfAny() {
    findMonitor().ifPresent(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  void killMonitor() throws InterruptedException {
    ProcessHandle.of(monitorPid()).orElseThrow().destroyForcibly();
  }

  void stop() throws Exception {
    for (MonitoredContainer container : client.list()) {
      remove(container.id());
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    for (MonitoredContainer container : client.list()) {
      while (client.exit(container.id()).isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
      client.forget(container.id());
    }
    client.close();
    killMonitor();
  }
}
