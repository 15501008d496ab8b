// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import io.criollo.linux.Signals;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Kills a process with all that came from it: its descendants, and the members of its session,
/// which it leads. They are stopped first, until no new one appears, so that none can flee by
/// forking.
final class ProcessTree {
  private final long session;
  private final Set<Long> members = new HashSet<>();

  private ProcessTree(long session) {
    this.session = session;
  }

  /// @param first a process that is not reaped yet
  static void kill(long first) throws IOException {
    long own = session(ProcessHandle.current().pid());
    long session = session(first);
    var tree = new ProcessTree(session == own ? first : session);
    tree.join(first);
    while (tree.grow()) {}
    for (long pid : tree.members) {
      signal(pid, Signals.SIGKILL);
    }
  }

  /// {@return the process that was started with this word among its arguments, if there is one}
  static Optional<Long> withArgument(String word) throws IOException {
    return entries().stream()
        .map(Entry::pid)
        .filter(pid -> List.of(commandLine(pid).split("\0", -1)).contains(word))
        .findFirst();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), ISO_8859_1);
    } catch (IOException _) { // it has ended
      return "";
    }
  }

  private boolean grow() throws IOException {
    boolean grown = false;
    for (Entry entry : entries()) {
      boolean ours = members.contains(entry.parent) || entry.session == session;
      if (ours && !members.contains(entry.pid)) {
        join(entry.pid);
        grown = true;
      }
    }
    return grown;
  }

  private void join(long pid) throws LinuxException {
    members.add(pid);
    signal(pid, Signals.SIGSTOP);
  }

  private static void signal(long pid, int signal) throws LinuxException {
    try (PidFd process = PidFd.open(pid)) {
      var _ = process.signal(signal);
    } catch (LinuxException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }

  private record Entry(long pid, long parent, long session) {}

  private static List<Entry> entries() throws IOException {
    var found = new ArrayList<Entry>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        entry(process).ifPresent(found::add);
      }
    }
    return found;
  }

  private static long session(long pid) {
    return entry(Path.of("/proc/" + pid)).map(Entry::session).orElse(pid);
  }

  private static Optional<Entry> entry(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
      long pid = Long.parseLong(process.getFileName().toString());
      return Optional.of(new Entry(pid, Long.parseLong(fields[1]), Long.parseLong(fields[3])));
    } catch (IOException | RuntimeException _) { // it has ended
      return Optional.empty();
    }
  }
}
