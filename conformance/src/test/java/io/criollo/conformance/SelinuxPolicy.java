// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Loads a policy that labels and forbids nothing, on a node that was booted with SELinux and
/// without a policy.
final class SelinuxPolicy {
  private static final Path SELINUX = Path.of("/sys/fs/selinux");
  private static final int CATEGORIES = 1024;

  private SelinuxPolicy() {}

  static void load() throws IOException, InterruptedException {
    if (!Files.exists(SELINUX.resolve("load"))) {
      run("mount", "-t", "selinuxfs", "selinuxfs", SELINUX.toString());
    }
    Path folder = Files.createTempDirectory("selinux");
    Path source = Files.writeString(folder.resolve("policy.cil"), source());
    Path binary = folder.resolve("policy");
    run(
        "secilc",
        "-o",
        binary.toString(),
        "-f",
        folder.resolve("contexts").toString(),
        source.toString());
    try (var load = Files.newByteChannel(SELINUX.resolve("load"), StandardOpenOption.WRITE)) {
      load.write(java.nio.ByteBuffer.wrap(Files.readAllBytes(binary))); // the kernel takes it whole
    }
  }

  private static String source() throws IOException {
    try (var in = SelinuxPolicy.class.getResourceAsStream("/selinux.cil")) {
      if (in == null) {
        throw new IOException("selinux.cil is missing");
      }
      String declared = categories("(category c%d)\n");
      String order = "(categoryorder (" + categories("c%d ") + "))\n";
      return new String(in.readAllBytes(), UTF_8) + declared + order;
    }
  }

  private static String categories(String form) {
    return IntStream.range(0, CATEGORIES).mapToObj(form::formatted).collect(Collectors.joining());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + status);
    }
  }
}
