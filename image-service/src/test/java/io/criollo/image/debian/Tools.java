// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Programs of Debian, each run to its end.
final class Tools {
  private Tools() {}

  /// {@return the paths of a package's files}; none when it is not installed
  static List<String> filesOf(String name) throws IOException, InterruptedException {
    var out = Files.createTempFile("files", "");
    var process =
        new ProcessBuilder("dpkg", "-L", name)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor() == 0 ? Files.readAllLines(out) : List.of();
    } finally {
      Files.delete(out);
    }
  }

  /// {@return an archive by GNU tar of these files and directories, without what is in them}
  static byte[] tar(Path scratch, List<String> files) throws IOException, InterruptedException {
    var list = Files.write(scratch.resolve("files"), files);
    var archive = scratch.resolve("layer.tar");
    run(
        "tar",
        "--create",
        "--file=" + archive,
        "--format=pax",
        "--pax-option=delete=atime,delete=ctime",
        "--xattrs",
        "--xattrs-include=*",
        "--numeric-owner",
        "--no-recursion",
        "--directory=/",
        "--verbatim-files-from",
        "--files-from=" + list);
    return Files.readAllBytes(archive);
  }

  /// Runs a program that must succeed.
  static void run(String... command) throws IOException, InterruptedException {
    var out = Files.createTempFile("out", "");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + ": " + Files.readString(out));
      }
    } finally {
      Files.delete(out);
    }
  }

  /// {@return those of some programs that are not installed}
  static List<String> missing(String... programs) {
    var missing = new ArrayList<>(List.of(programs));
    for (var folder : List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin")) {
      missing.removeIf(program -> Files.isExecutable(Path.of(folder, program)));
    }
    return missing;
  }
}
