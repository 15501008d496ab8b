// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.spec.OciSpec.Mount;
import java.nio.file.Path;
import java.util.List;

/// The mounts that every container gets.
final class OwnMounts {
  private OwnMounts() {}

  static List<Mount> of(SpecInput input) {
    var paths = input.paths();
    var kernel = input.privileged() ? "rw" : "ro";
    var file = input.security().getReadonlyRootfs() ? "ro" : "rw";
    return List.of(
        new Mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")),
        new Mount(
            "/dev",
            "tmpfs",
            "tmpfs",
            List.of("nosuid", "noexec", "strictatime", "mode=755", "size=65536k")),
        new Mount(
            "/dev/pts",
            "devpts",
            "devpts",
            List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")),
        new Mount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")),
        sys(input, kernel),
        new Mount(
            "/sys/fs/cgroup",
            "cgroup",
            "cgroup",
            List.of("nosuid", "noexec", "nodev", "relatime", kernel)),
        bind("/dev/shm", paths.shm(), "rw"),
        bind("/etc/resolv.conf", paths.resolvConf(), file),
        bind("/etc/hostname", paths.hostname(), file));
  }

  /// The kernel mounts sysfs only for whom the network namespace belongs to: root of a user
  /// namespace sees the node's, in the node's network.
  private static Mount sys(SpecInput input, String access) {
    return input.users().isPresent() && input.paths().namespaces().net().isEmpty()
        ? new Mount(
            "/sys",
            "bind",
            "/sys",
            List.of("rbind", "rprivate", "nosuid", "noexec", "nodev", access))
        : new Mount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", access));
  }

  private static Mount bind(String destination, Path source, String access) {
    return new Mount(
        destination,
        "bind",
        source.toString(),
        List.of("bind", "nosuid", "noexec", "nodev", access));
  }
}
