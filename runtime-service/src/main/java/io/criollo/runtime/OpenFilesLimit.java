// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import io.criollo.runtime.spec.Rlimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The limits of processes that containers get from the daemon, as from CRI-O: those that it was
/// started with. Java raises its own soft limit of open files, for itself and whatever it starts;
/// the launcher tells what it was before.
final class OpenFilesLimit {
  private static final Pattern LINE =
      Pattern.compile("(?m)^Max open files +(\\d+|unlimited) +(\\d+|unlimited) ");
  private static final Pattern SOFT = Pattern.compile("[0-9]{1,18}|unlimited");

  private OpenFilesLimit() {}

  /// {@return the limit of containers; none when the daemon was started without its launcher}
  static Optional<Rlimit> own() throws IOException {
    return of(
        System.getProperty("criollo.nofile", ""), Files.readString(Path.of("/proc/self/limits")));
  }

  /// @param limits in the form of proc_pid_limits(5)
  static Optional<Rlimit> of(String soft, String limits) {
    var line = LINE.matcher(limits);
    return SOFT.matcher(soft).matches() && line.find()
        ? Optional.of(Rlimit.openFiles(soft, line.group(2)))
        : Optional.empty();
  }

  /// {@return how many files the daemon itself may have open}
  static long ofDaemon() throws IOException {
    return soft(Files.readString(Path.of("/proc/self/limits")));
  }

  /// @param limits in the form of proc_pid_limits(5)
  static long soft(String limits) {
    var line = LINE.matcher(limits);
    return line.find() && !line.group(1).equals("unlimited")
        ? Long.parseLong(line.group(1))
        : Long.MAX_VALUE;
  }

  /// {@return the configured limits, and that of open files if none is configured}
  static List<Rlimit> with(List<Rlimit> configured) throws IOException {
    var own = own();
    if (own.isEmpty() || configured.stream().anyMatch(one -> one.type().equals(own.get().type()))) {
      return configured;
    }
    var all = new ArrayList<>(configured);
    all.add(own.get());
    return List.copyOf(all);
  }
}
