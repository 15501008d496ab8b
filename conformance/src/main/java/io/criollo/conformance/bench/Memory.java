// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The memory of all processes whose command line a pattern finds.
final class Memory {
  private static final Path PROC = Path.of("/proc");
  private static final double KIB_PER_MIB = 1024;

  private Memory() {}

  /// {@return the sum of their proportional set sizes (proc_pid_smaps(5)), in MiB}
  static double pss(Pattern commandLine) {
    long own = ProcessHandle.current().pid();
    long kib =
        ProcessHandle.allProcesses()
            .mapToLong(ProcessHandle::pid)
            .filter(pid -> pid != own && commandLine.matcher(text(pid, "cmdline")).find())
            .map(Memory::pssOf)
            .sum();
    return kib / KIB_PER_MIB;
  }

  private static long pssOf(long pid) {
    return text(pid, "smaps_rollup")
        .lines()
        .filter(line -> line.startsWith("Pss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  /// {@return a file of a process, empty when it has ended}
  private static String text(long pid, String file) {
    try {
      return Files.readString(PROC.resolve(pid + "/" + file)).replace('\0', ' ');
    } catch (IOException _) {
      return "";
    }
  }
}
