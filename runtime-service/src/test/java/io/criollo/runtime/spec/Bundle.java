// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.NamespaceMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A bundle with a busybox in it that a real OCI runtime runs.
final class Bundle {
  private static final List<String> APPLETS =
      List.of(
          "cat", "grep", "id", "ls", "mkdir", "mknod", "mount", "sh", "sleep", "touch", "unshare");

  private final Path directory;

  Bundle(Path directory) throws IOException {
    this.directory = directory;
    for (var name : List.of("bin", "dev", "etc", "proc", "sys", "tmp")) {
      Files.createDirectories(rootfs().resolve(name));
    }
    Files.copy(Path.of("/bin/busybox"), rootfs().resolve("bin/busybox"));
    for (var name : APPLETS) {
      Files.createSymbolicLink(rootfs().resolve("bin").resolve(name), Path.of("busybox"));
    }
    Files.createDirectories(directory.resolve("shm"));
    Files.writeString(directory.resolve("resolv.conf"), "nameserver 192.0.2.1\n");
    Files.writeString(directory.resolve("hostname"), "pod-1\n");
  }

  Path rootfs() {
    return directory.resolve("rootfs");
  }

  /// {@return the plain input with a shell command and a change, on this node, in this bundle}
  SpecInput shell(String script, Consumer<ContainerConfig.Builder> change) throws IOException {
    var input =
        Inputs.container(c -> {
          c.clearCommand().clearArgs();
          c.addCommand("/bin/sh").addArgs("-ec").addArgs(script);
          c.addEnvsBuilder().setKey("PATH").setValue(ByteString.copyFromUtf8("/bin"));
          c.getLinuxBuilder()
              .getSecurityContextBuilder()
              .getNamespaceOptionsBuilder()
              .setPid(NamespaceMode.CONTAINER);
          change.accept(c);
        });
    var node = NodeProbe.read(ContainerDefaults.USUAL, 512 * 1024);
    var user = UserResolver.resolve(rootfs(), input.security(), "");
    return Inputs.withUser(Inputs.withNode(Inputs.withPaths(input, paths()), node), user);
  }

  private PodPaths paths() {
    var own = Path.of("/proc/" + ProcessHandle.current().pid() + "/ns");
    return new PodPaths(
        new NamespacePaths(
            Optional.of(own.resolve("net")),
            Optional.of(own.resolve("ipc")),
            Optional.of(own.resolve("uts")),
            Optional.empty(),
            Optional.empty()),
        directory.resolve("shm"),
        directory.resolve("resolv.conf"),
        directory.resolve("hostname"),
        "/criollo-spec-test/" + directory.getFileName(),
        rootfs(),
        directory.resolve("volumes"),
        Optional.empty());
  }

  /// {@return what it wrote; fails when it did not end with 0}
  String run(String runtime, SpecInput input) throws IOException, InterruptedException {
    assumeTrue(Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")), "cgroup v2");
    Files.write(directory.resolve("config.json"), SpecBuilder.build(input).toJson());
    var line =
        new ArrayList<String>(List.of(runtime, "--root", directory.resolve("state").toString()));
    line.addAll(
        List.of("run", "--bundle", directory.toString(), directory.getFileName().toString()));
    var output = directory.resolve("output");
    var process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(20, TimeUnit.SECONDS);
    var text = Files.readString(output);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(runtime + (ended ? " failed: " : " did not end: ") + text);
    }
    return text;
  }
}
