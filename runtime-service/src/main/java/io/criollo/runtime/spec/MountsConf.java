// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.CappedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A file that lists what of the node every container gets (containers-mounts.conf(5)).
record MountsConf(Path file, List<Entry> entries) {
  private static final int LARGEST = 1 << 20;

  /// A line.
  ///
  /// @param source path of the node
  /// @param destination path in the container, as written
  record Entry(String source, String destination) {}

  /// {@return the first of these files that exists}
  static Optional<MountsConf> first(List<Path> files) throws IOException {
    for (var file : files) {
      if (Files.exists(file)) {
        return Optional.of(read(file));
      }
    }
    return Optional.empty();
  }

  private static MountsConf read(Path file) throws IOException {
    var entries =
        text(file)
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("/"))
            .map(MountsConf::entry);
    return new MountsConf(file, entries.toList());
  }

  private static String text(Path file) throws IOException {
    try {
      return new String(CappedFile.read(file, LARGEST), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IOException("read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Entry entry(String line) {
    int colon = line.indexOf(':');
    return colon < 0
        ? new Entry(line, line)
        : new Entry(line.substring(0, colon), line.substring(colon + 1));
  }
}
