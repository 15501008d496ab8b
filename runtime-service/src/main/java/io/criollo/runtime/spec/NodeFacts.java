// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// What a specification needs to know about the node and its configuration.
///
/// @param lastCapability number of the last capability that the kernel knows
/// @param defaults what the configuration gives to every container
/// @param onlineCpus those that are there when it is asked
/// @param memoryNodes those that have memory when it is asked
/// @param minimumMemory bytes below which no container can start
public record NodeFacts(
    ContainerDefaults defaults,
    int lastCapability,
    Supplier<CpuList> onlineCpus,
    Supplier<CpuList> memoryNodes,
    long minimumMemory,
    Set<Feature> features) {
  /// The set that CRI-O gives to containers (crio.conf(5), default_capabilities).
  public static final List<String> DEFAULT_CAPABILITIES =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "FSETID",
          "FOWNER",
          "SETGID",
          "SETUID",
          "SETPCAP",
          "NET_BIND_SERVICE",
          "KILL");

  /// What may be missing on a node.
  public enum Feature {
    APPARMOR,
    HUGETLB,
    RECURSIVE_READ_ONLY,
    SECCOMP,
    SELINUX,
    SWAP_LIMIT,
    USER_NAMESPACES
  }

  public NodeFacts {
    features = Set.copyOf(features);
  }

  /// {@return the node as containers of one handler find it: without those features that need a
  /// runtime's help and that it does not offer}
  ///
  /// @param handler what the configuration says of it
  public NodeFacts limitedTo(Set<Feature> offered, HandlerDefaults handler) {
    var left = EnumSet.copyOf(features);
    left.removeIf(
        feature -> RuntimeFeatures.OF_RUNTIMES.contains(feature) && !offered.contains(feature));
    return new NodeFacts(
        defaults.with(handler),
        lastCapability,
        onlineCpus,
        memoryNodes,
        handler.minimumMemory(),
        left);
  }

  boolean has(Feature feature) {
    return features.contains(feature);
  }
}
