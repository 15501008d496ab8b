// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.Fd;
import io.criollo.linux.FileLabels;
import io.criollo.linux.KernelFeatures;
import io.criollo.linux.OpenFlags;
import io.criollo.runtime.spec.NodeFacts.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Reads [NodeFacts] from `/proc` and `/sys`.
public final class NodeProbe {
  private static final System.Logger LOG = System.getLogger(NodeProbe.class.getName());
  private static final String CONFINED = "system_u:system_r:container_t:s0:c1,c2";
  private static final int LARGEST = 1 << 16;
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private static final Path CPUS = Path.of("/sys/devices/system/cpu/online");
  private static final Path MEMORY_NODES = Path.of("/sys/devices/system/node/has_memory");

  private NodeProbe() {}

  /// Asks the kernel.
  ///
  /// @param minimumMemory bytes that an OCI runtime needs to start a container
  public static NodeFacts read(ContainerDefaults defaults, long minimumMemory) throws IOException {
    return new NodeFacts(
        defaults,
        Integer.parseInt(text("/proc/sys/kernel/cap_last_cap")),
        list(CPUS),
        list(MEMORY_NODES),
        minimumMemory,
        features(defaults.security().selinux()));
  }

  /// Read at each use: a machine may get more of them. Kernels without NUMA have one node of
  /// memory, and no file that says so.
  static Supplier<CpuList> list(Path file) {
    return () -> {
      try {
        return CpuList.parse(file.toString(), Files.exists(file) ? text(file.toString()) : "0");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static Set<Feature> features(boolean selinux) throws IOException {
    var features = EnumSet.noneOf(Feature.class);
    add(features, Feature.APPARMOR, says("/sys/module/apparmor/parameters/enabled", "Y"));
    add(features, Feature.HUGETLB, says("/sys/fs/cgroup/cgroup.controllers", "hugetlb"));
    add(features, Feature.RECURSIVE_READ_ONLY, KernelFeatures.running().recursiveReadOnly());
    add(features, Feature.SECCOMP, exists("/proc/sys/kernel/seccomp/actions_avail"));
    add(features, Feature.SELINUX, selinux && confines());
    add(features, Feature.SWAP_LIMIT, limitsSwap());
    add(features, Feature.USER_NAMESPACES, mapsUsers());
    return features;
  }

  /// A policy without the usual types would let no container start.
  private static boolean confines() throws IOException {
    if (!FileLabels.available()) {
      return false;
    }
    boolean known = FileLabels.known(CONFINED);
    if (!known) {
      LOG.log(Level.WARNING, "SELinux keeps no pods apart: its policy does not know {0}", CONFINED);
    }
    return known;
  }

  private static void add(Set<Feature> features, Feature feature, boolean there) {
    if (there) {
      features.add(feature);
    }
  }

  /// Needs mapped mounts below overlayfs (Linux 5.19), and a kernel that lets namespaces be made.
  private static boolean mapsUsers() throws IOException {
    var limit = Path.of("/proc/sys/user/max_user_namespaces");
    var kernel = KernelFeatures.running();
    return kernel.idmappedMounts()
        && kernel.overlayOnIdmapped()
        && Files.exists(limit)
        && !says(limit.toString(), "0");
  }

  /// The root cgroup has no limits: the file shows in the cgroups below it.
  private static boolean limitsSwap() throws IOException {
    if (!says(CGROUPS.resolve("cgroup.controllers").toString(), "memory")) {
      return false;
    }
    try (var children = Files.newDirectoryStream(CGROUPS, Files::isDirectory)) {
      for (var child : children) {
        if (Files.exists(child.resolve("memory.max"))) {
          return Files.exists(child.resolve("memory.swap.max"));
        }
      }
    }
    return Files.exists(Path.of("/proc/swaps"));
  }

  private static boolean says(String file, String word) throws IOException {
    return exists(file) && List.of(text(file).split("\\s+")).contains(word);
  }

  private static boolean exists(String file) {
    return Files.exists(Path.of(file));
  }

  /// Not with [Files]: it reads one byte first, after which a number under `/proc/sys` is at its
  /// end.
  private static String text(String file) throws IOException {
    try (var fd = Fd.open(Path.of(file), OpenFlags.O_RDONLY, 0)) {
      return new String(fd.readAll(LARGEST), StandardCharsets.UTF_8).strip();
    }
  }
}
