// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import io.criollo.linux.MountInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// What the node calls its devices and its sizes of huge pages. Thread-safe.
final class Devices {
  private static final Path BY_NUMBER = Path.of("/sys/dev/block");
  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/hugepages");
  private static final String PREFIX = "hugepages-";
  private static final long KIB_PER_MIB = 1 << 10;
  private static final long KIB_PER_GIB = 1 << 20;

  private final ConcurrentHashMap<String, String> names = new ConcurrentHashMap<>();
  private final List<String> hugePageSizes;

  private Devices(List<String> hugePageSizes) {
    this.hugePageSizes = hugePageSizes;
  }

  static Devices ofNode() throws IOException {
    if (!Files.isDirectory(HUGE_PAGES)) {
      return new Devices(List.of());
    }
    try (var sizes = Files.list(HUGE_PAGES)) {
      return new Devices(
          sizes
              .map(dir -> dir.getFileName().toString())
              .filter(name -> name.matches(PREFIX + "\\d{1,12}kB"))
              .map(name -> size(Long.parseLong(name.substring(PREFIX.length(), name.length() - 2))))
              .sorted()
              .toList());
    }
  }

  /// {@return the size as cgroup files name it}
  static String size(long kib) {
    if (kib % KIB_PER_GIB == 0) {
      return kib / KIB_PER_GIB + "GB";
    }
    return kib % KIB_PER_MIB == 0 ? kib / KIB_PER_MIB + "MB" : kib + "KB";
  }

  List<String> hugePageSizes() {
    return hugePageSizes;
  }

  /// {@return the path of a block device; the number itself for one that is not there}
  ///
  /// @param number as {@code 8:0}
  String name(String number) {
    return names.computeIfAbsent(number, Devices::find);
  }

  private static String find(String number) {
    try {
      var device = Files.readSymbolicLink(BY_NUMBER.resolve(number)).getFileName();
      return "/dev/" + device;
    } catch (IOException _) {
      return number;
    }
  }

  /// {@return what the file system with that folder is on}
  static String holding(Path folder) throws IOException {
    return MountInfo.holding(folder, MountInfo.self()).map(MountInfo::source).orElse("");
  }
}
