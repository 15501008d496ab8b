// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.spec.OciSpec.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The mounts that every container gets.
final class OwnMounts {
  /// Where the configuration gives every container a read-only root.
  private static final List<String> WRITABLE = List.of("/run", "/tmp", "/var/tmp");

  private OwnMounts() {}

  static List<Mount> of(SpecInput input) {
    var paths = input.paths();
    var kernel = input.privileged() ? "rw" : "ro";
    var cgroup = PodWishes.of(input).writableCgroup() ? "rw" : kernel;
    var file = input.readOnlyRoot() ? "ro" : "rw";
    var mounts =
        List.of(
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
                List.of("nosuid", "noexec", "nodev", "relatime", cgroup)),
            bind("/dev/shm", paths.shm(), "rw"),
            bind("/etc/resolv.conf", paths.resolvConf(), file),
            bind("/etc/hostname", paths.hostname(), file));
    return Stream.concat(mounts.stream(), configured(input.node().defaults().files())).toList();
  }

  private static Stream<Mount> configured(ContainerDefaults.Files files) {
    var scratch = files.readOnly() ? WRITABLE.stream().map(OwnMounts::scratch) : Stream.<Mount>of();
    var zone = files.timeZone().map(file -> bind("/etc/localtime", file, "ro"));
    return Stream.concat(scratch, zone.stream());
  }

  private static Mount scratch(String destination) {
    return new Mount(
        destination, "tmpfs", "tmpfs", List.of("rw", "noexec", "nosuid", "nodev", "tmpcopyup"));
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
