// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a pod can leave behind on a node: for each kind of thing, the names of those that are
/// there. Two of them are compared.
public record Ledger(Map<String, Set<String>> entries) {
  private static final Path PROC = Path.of("/proc");
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final Set<String> KEPT =
      Set.of(CGROUPS + "/kubepods", CGROUPS + "/kubepods/burstable", CGROUPS + "/criollo");
  private static final Pattern PER_CONTAINER =
      Pattern.compile("(?m)^:(CNI-[0-9a-f]{20,}|CNI-(DN|SN)-\\S+)");

  static Ledger take(Path leases) throws IOException, InterruptedException {
    Map<String, Set<String>> entries = new TreeMap<>();
    entries.put("mounts", mounts());
    entries.put("namespaces", namespaces());
    entries.put("cgroups", cgroups());
    entries.put("processes", processes());
    entries.put("address leases", leases(leases));
    entries.put("network interfaces", interfaces());
    entries.put("firewall chains", chains());
    return new Ledger(entries);
  }

  /// {@return what is here and was not in `before`, by kind; empty if all has gone}
  public Map<String, Set<String>> beyond(Ledger before) {
    Map<String, Set<String>> more = new TreeMap<>();
    entries.forEach((kind, names) -> {
      Set<String> left = new TreeSet<>(names);
      left.removeAll(before.entries.get(kind));
      if (!left.isEmpty()) {
        more.put(kind, left);
      }
    });
    return more;
  }

  private static Set<String> mounts() throws IOException {
    try (var lines = Files.lines(PROC.resolve("self/mountinfo"))) {
      return lines
          .map(line -> line.split(" ", 6)[4])
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Set<String> namespaces() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String pid : names(PROC, Ledger::isNumber)) {
      Path folder = PROC.resolve(pid).resolve("ns");
      for (String kind : Set.of("net", "ipc", "uts", "mnt", "pid", "user", "cgroup")) {
        link(folder.resolve(kind), found);
      }
    }
    return found;
  }

  private static void link(Path path, Set<String> found) {
    try {
      found.add(Files.readSymbolicLink(path).toString());
    } catch (IOException gone) {
      // The process ended, or is a kernel thread that hides it.
    }
  }

  /// All but the kubelet's parents of pods, and the daemon's own one for pods without a parent.
  private static Set<String> cgroups() throws IOException {
    return Tree.of(CGROUPS, Integer.MAX_VALUE).stream()
        .filter(Files::isDirectory)
        .map(Path::toString)
        .filter(path -> !KEPT.contains(path))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Programs, not the kernel's own threads, which have no command line. They are counted by their
  /// command lines, so that a daemon that was started anew is the same as before.
  private static Set<String> processes() {
    Map<String, Integer> counts = new TreeMap<>();
    return ProcessHandle.allProcesses()
        .map(TestNode::commandLine)
        .filter(line -> !line.isBlank())
        .map(line -> line + "(" + counts.merge(line, 1, Integer::sum) + ")")
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> leases(Path folder) throws IOException {
    return Tree.of(folder, Integer.MAX_VALUE).stream()
        .filter(Files::isRegularFile)
        .map(file -> file.getFileName().toString())
        .filter(name -> name.matches("[0-9.]+|[0-9a-f:]+"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// All but bridges, which belong to the network and not to a pod.
  private static Set<String> interfaces() throws IOException {
    Path folder = Path.of("/sys/class/net");
    return names(folder, name -> !Files.exists(folder.resolve(name).resolve("bridge")));
  }

  private static Set<String> chains() throws IOException, InterruptedException {
    Set<String> found = new TreeSet<>();
    for (String program : Set.of("iptables-save", "ip6tables-save")) {
      Process save = new ProcessBuilder(program, "-t", "nat").redirectErrorStream(true).start();
      String text = new String(save.getInputStream().readAllBytes(), UTF_8);
      save.waitFor();
      PER_CONTAINER
          .matcher(text)
          .results()
          .forEach(match -> found.add(program + " " + match.group(1)));
    }
    return found;
  }

  private static Set<String> names(Path folder, Predicate<String> wanted) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(wanted)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static boolean isNumber(String name) {
    return name.chars().allMatch(Character::isDigit);
  }
}
