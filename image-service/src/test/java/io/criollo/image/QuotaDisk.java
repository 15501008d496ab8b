// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// An XFS of its own, in a file, with project quotas. Closed by the test.
public record QuotaDisk(Path path) implements AutoCloseable {
  private static final long SIZE = 512L << 20;

  public static QuotaDisk mount(Path folder) throws IOException, InterruptedException {
    var image = folder.resolve("disk.img");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    run("mkfs.xfs", "-q", "-f", image.toString());
    var path = Files.createDirectory(folder.resolve("disk"));
    run("mount", "-o", "loop,prjquota", image.toString(), path.toString());
    return new QuotaDisk(path);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", path.toString());
    } catch (InterruptedException e) {
      throw new IOException("umount " + path, e);
    }
  }
}
