// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system of its own, in a file. Closed by the test.
public record QuotaDisk(Path path) implements AutoCloseable {
  private static final long SIZE = 512L << 20;

  /// File systems that have project quotas.
  public enum Type {
    XFS("No space left on device", "mkfs.xfs -q -f"),
    EXT4("Disk quota exceeded", "mkfs.ext4 -q -F -O project,quota");

    private final String overLimit;
    private final String mkfs;

    Type(String overLimit, String mkfs) {
      this.overLimit = overLimit;
      this.mkfs = mkfs;
    }

    /// {@return what it says to who writes too much}
    public String overLimit() {
      return overLimit;
    }
  }

  /// Mounts one with project quotas that hold.
  public static QuotaDisk mount(Path folder, Type type) throws IOException, InterruptedException {
    return mount(folder, type.mkfs, "loop,prjquota");
  }

  /// Mounts one that a command makes, to which the file's name is added.
  public static QuotaDisk mount(Path folder, String mkfs, String options)
      throws IOException, InterruptedException {
    var image = folder.resolve("disk.img");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    run((mkfs + " " + image).split(" ", -1));
    var path = Files.createDirectory(folder.resolve("disk"));
    run("mount", "-o", options, image.toString(), path.toString());
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
