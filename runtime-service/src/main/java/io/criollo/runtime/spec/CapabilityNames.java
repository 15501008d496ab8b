// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The names of capabilities(7) by number, as far as the kernel knows them.
///
/// @param last number of the last one that the kernel knows
public record CapabilityNames(int last) {
  private static final String ALL = "ALL";
  private static final String PREFIX = "CAP_";
  private static final List<String> NAMES =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "KILL",
          "SETGID",
          "SETUID",
          "SETPCAP",
          "LINUX_IMMUTABLE",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_ADMIN",
          "NET_RAW",
          "IPC_LOCK",
          "IPC_OWNER",
          "SYS_MODULE",
          "SYS_RAWIO",
          "SYS_CHROOT",
          "SYS_PTRACE",
          "SYS_PACCT",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_NICE",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "MKNOD",
          "LEASE",
          "AUDIT_WRITE",
          "AUDIT_CONTROL",
          "SETFCAP",
          "MAC_OVERRIDE",
          "MAC_ADMIN",
          "SYSLOG",
          "WAKE_ALARM",
          "BLOCK_SUSPEND",
          "AUDIT_READ",
          "PERFMON",
          "BPF",
          "CHECKPOINT_RESTORE");

  Set<String> all() {
    var all = new TreeSet<String>();
    NAMES.subList(0, Math.min(last + 1, NAMES.size())).forEach(name -> all.add(PREFIX + name));
    return all;
  }

  boolean hasAll(Collection<String> requested) {
    return requested.stream().anyMatch(ALL::equalsIgnoreCase);
  }

  List<String> withoutAll(Collection<String> requested) {
    return requested.stream().filter(name -> !ALL.equalsIgnoreCase(name)).toList();
  }

  /// Adds each one that the kernel knows; "ALL" adds nothing here.
  void addTo(Set<String> set, String field, Collection<String> requested) {
    for (var name : withoutAll(requested)) {
      var full = full(field, name);
      if (NAMES.indexOf(full) <= last) {
        set.add(PREFIX + full);
      }
    }
  }

  /// {@return whether this is the name of a capability, with or without CAP_}
  public static boolean isName(String name) {
    return NAMES.contains(bare(name));
  }

  private static String bare(String name) {
    var upper = name.toUpperCase(Locale.ROOT);
    return upper.startsWith(PREFIX) ? upper.substring(PREFIX.length()) : upper;
  }

  private static String full(String field, String name) {
    var bare = bare(name);
    Check.that(NAMES.contains(bare), field, name, "must be ALL or a name of capabilities(7)");
    return bare;
  }
}
