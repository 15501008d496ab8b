// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/// All processes whose command line a pattern finds, and what they use.
record Processes(Pattern commandLine) {
  private static final Path PROC = Path.of("/proc");
  private static final double KIB_PER_MIB = 1024;
  private static final double MILLIS_PER_TICK = 10; // USER_HZ is 100 wherever Java runs

  /// Fields of `/proc/PID/stat` after the name: utime, stime, cutime, cstime (proc_pid_stat(5)).
  private static final int FIRST_TIME = 11;

  private static final int LAST_TIME = 14;

  /// {@return the sum of their proportional set sizes (proc_pid_smaps(5)), in MiB}
  double pss() {
    return sum(pid -> kib(pid, "smaps_rollup", "Pss:")) / KIB_PER_MIB;
  }

  /// {@return the sum of the largest set sizes that they have had since [#forgetPeaks], in MiB}
  double peak() {
    return sum(pid -> kib(pid, "status", "VmHWM:")) / KIB_PER_MIB;
  }

  /// Lets the peaks begin anew.
  void forgetPeaks() throws IOException {
    for (long pid : pids()) {
      Files.writeString(PROC.resolve(pid + "/clear_refs"), "5");
    }
  }

  /// {@return the processor time of them and of their children that have ended, in ms}
  double cpu() {
    return sum(Processes::ticks) * MILLIS_PER_TICK;
  }

  /// {@return the time for which the machine's processors were busy, whoever with, in ms}
  static double busy() throws IOException {
    var all = Files.readString(PROC.resolve("stat")).lines().findFirst().orElse("");
    var fields = all.split(" +", -1);
    long ticks = 0;
    for (int i = 1; i < fields.length && i <= 8; i++) {
      boolean idle = i == 4 || i == 5; // idle, iowait
      ticks += idle ? 0 : Long.parseLong(fields[i]);
    }
    return ticks * MILLIS_PER_TICK;
  }

  private long sum(ToLongFunction<Long> value) {
    long sum = 0;
    for (long pid : pids()) {
      sum += value.applyAsLong(pid);
    }
    return sum;
  }

  private long[] pids() {
    long own = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .mapToLong(ProcessHandle::pid)
        .filter(pid -> pid != own && commandLine.matcher(text(pid, "cmdline")).find())
        .toArray();
  }

  private static long ticks(long pid) {
    var stat = text(pid, "stat");
    var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    long ticks = 0;
    for (int i = FIRST_TIME; i <= LAST_TIME && i < fields.length; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks;
  }

  private static long kib(long pid, String file, String field) {
    return text(pid, file)
        .lines()
        .filter(line -> line.startsWith(field))
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
