// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;

/// `memory.stat`, the part that is asked for; sizes in bytes.
public record MemoryStat(
    long anon,
    long file,
    long shmem,
    long inactiveFile,
    long activeFile,
    long pageFaults,
    long majorPageFaults,
    long kernel,
    long fileMapped) {
  public static MemoryStat parse(String content) throws LinuxException {
    var values = FlatKeyed.parse("memory.stat", content);
    return new MemoryStat(
        values.getOrDefault("anon", 0L),
        values.getOrDefault("file", 0L),
        values.getOrDefault("shmem", 0L),
        values.getOrDefault("inactive_file", 0L),
        values.getOrDefault("active_file", 0L),
        values.getOrDefault("pgfault", 0L),
        values.getOrDefault("pgmajfault", 0L),
        values.getOrDefault("kernel", 0L),
        values.getOrDefault("file_mapped", 0L));
  }

  /// {@return what the kubelet calls the working set, of a usage as in `memory.current`}
  public long workingSet(long usage) {
    return Math.max(usage - inactiveFile, 0);
  }
}
