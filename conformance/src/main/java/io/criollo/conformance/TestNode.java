// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import io.criollo.conformance.images.RegistriesConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a daemon needs around it: a registry with the test images, a network configuration, and
/// folders of its own under the node's scratch folder. Closing ends the registry and every process
/// that was started for these folders, and unmounts the volatile one; the daemon itself is closed
/// by who started it.
public final class TestNode implements AutoCloseable {
  /// The soft limit with which service managers start daemons.
  static final int OPEN_FILES = 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String MONITOR = "io.criollo.conmon.Main";
  private static final Path PLUGINS = Path.of("/usr/lib/cni");

  private final Path folder;
  private final RegistryProcess registry;

  private TestNode(Path folder, RegistryProcess registry) {
    this.folder = folder;
    this.registry = registry;
  }

  public static TestNode prepare() throws IOException, InterruptedException {
    return prepare(Optional.empty());
  }

  /// Prepares one; with a full busybox its registry has the images of critest too.
  public static TestNode prepare(Optional<Path> busybox) throws IOException, InterruptedException {
    Path scratch = scratch();
    Path folder = Files.createTempDirectory(scratch, "criollo");
    // users of pods' user namespaces pass through, as through /var/lib and /run
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    for (String name : List.of("root", "run", "cni", "leases", "logs")) {
      Files.createDirectory(folder.resolve(name));
    }
    mountVolatile(folder.resolve("run"));
    var registry = RegistryProcess.start(scratch.resolve("registry"), busybox);
    Files.writeString(folder.resolve("registries.conf"), RegistriesConf.text(registry.address()));
    Files.writeString(
        folder.resolve("cni/10-criollo.conflist"), Networks.bridge(folder.resolve("leases")));
    return new TestNode(folder, registry);
  }

  /// Starts the daemon, a new one or the next one in the same folders.
  ///
  /// @param runtime the name of the default OCI runtime, `crun` or `runc`
  /// @param options further ones of its command line
  public DaemonProcess startDaemon(String runtime, String... options)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.addAll(List.of("/bin/sh", "-c", "ulimit -S -n " + OPEN_FILES + "; exec \"$@\"", "sh"));
    command.addAll(command(runtime, options));
    return DaemonProcess.start(command, socket(), daemonLog());
  }

  /// {@return the daemon's command line}
  List<String> command(String runtime, String... options) throws IOException {
    var command = new ArrayList<String>();
    command.addAll(
        List.of(
            daemon().toString(),
            "--root=" + folder.resolve("root"),
            "--runroot=" + folder.resolve("run"),
            "--listen=" + socket(),
            "--cni-config-dir=" + networks(),
            "--cni-plugin-dir=" + PLUGINS,
            "--registries-conf=" + folder.resolve("registries.conf"),
            "--signature-policy-dir=" + policies(),
            "--log-dir=" + folder.resolve("podlogs"),
            "--cgroup-manager=" + cgroupManager(),
            "--default-runtime=" + runtime));
    command.addAll(List.of(options));
    return command;
  }

  /// {@return the folder of the built daemon}
  public Path daemonHome() throws IOException {
    return daemon().resolve("../..").normalize();
  }

  /// A native node sees its host's systemd, which knows nothing of the node's cgroups.
  private static String cgroupManager() {
    return "systemd".equals(System.getenv("CRIOLLO_NODE_INIT")) ? "systemd" : "cgroupfs";
  }

  public Path socket() {
    return folder.resolve("run/criollo.sock");
  }

  /// {@return `host:port` of the registry}
  public String registry() {
    return registry.address();
  }

  /// {@return the folder of the network configurations}
  public Path networks() {
    return folder.resolve("cni");
  }

  /// {@return the folder of the signature policies of namespaces}
  public Path policies() {
    return folder.resolve("policies");
  }

  public Path daemonLog() {
    return folder.resolve("daemon.log");
  }

  /// {@return the folder under which pods keep their logs}
  public Path logs() {
    return folder.resolve("logs");
  }

  /// {@return the folder of the daemon's state, and nothing else}
  public Path root() {
    return folder.resolve("root");
  }

  /// {@return what is on the node now}
  public Ledger ledger() throws IOException, InterruptedException {
    return Ledger.take(folder.resolve("leases"));
  }

  /// Takes away what a reboot takes away, after the daemon was killed and the cgroups of its pods
  /// are gone: processes, mounts, rules of the firewall and the folder of volatile state.
  public void reboot() throws IOException, InterruptedException {
    ours().forEach(ProcessHandle::destroyForcibly);
    Patience.await("all processes end", PATIENCE, () -> ours().findAny().isEmpty());
    for (var mount : mounts()) {
      run("umount", "-l", mount);
    }
    for (var family : List.of("iptables", "ip6tables")) {
      run(family, "-t", "nat", "-F");
      run(family, "-t", "nat", "-X");
    }
    mountVolatile(folder.resolve("run"));
  }

  /// What is volatile is in memory, as /run is on a node.
  private static void mountVolatile(Path folder) throws IOException, InterruptedException {
    run("mount", "-t", "tmpfs", "-o", "mode=755", "run", folder.toString());
  }

  /// {@return what is mounted below the folder, the last one first}
  private List<String> mounts() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .map(line -> line.split(" ", -1)[4])
          .filter(point -> point.startsWith(folder + "/"))
          .toList()
          .reversed();
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + status);
    }
  }

  /// {@return the monitor's process, if one runs for these folders}
  public Optional<ProcessHandle> monitor() {
    return ours()
        .filter(TestNode::isMonitor)
        .filter(process -> process.parent().filter(TestNode::isMonitor).isEmpty())
        .findFirst();
  }

  /// Its child has its command line, until it runs its own program.
  private static boolean isMonitor(ProcessHandle process) {
    return commandLine(process).contains(MONITOR);
  }

  private Stream<ProcessHandle> ours() {
    String prefix = folder.toString();
    return ProcessHandle.allProcesses().filter(process -> commandLine(process).contains(prefix));
  }

  static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', ' ');
    } catch (IOException gone) {
      return "";
    }
  }

  private static Path scratch() throws IOException {
    String scratch = System.getenv("CRIOLLO_NODE_SCRATCH");
    if (scratch == null) {
      throw new IOException("this is not a node: run it with './dev it' or './dev node run'");
    }
    return Path.of(scratch);
  }

  private static Path daemon() throws IOException {
    Path daemon =
        Path.of(System.getProperty("criollo.project", "."))
            .resolve("runtime-service/target/criollo/bin/criollo");
    if (!Files.isExecutable(daemon)) {
      throw new IOException(daemon + " is missing: run './dev build'");
    }
    return daemon.toAbsolutePath();
  }

  @Override
  public void close() throws IOException {
    registry.close();
    ours().forEach(ProcessHandle::destroyForcibly);
    try {
      run("umount", "-l", folder.resolve("run").toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
