// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.UserNamespace;
import io.criollo.runtime.spec.BindMount.Access;
import io.criollo.runtime.spec.BindMount.Propagation;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.Refusal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A mount of the request, checked as far as the text goes.
///
/// @param hostPath as given; the host has not been asked
/// @param mapped whether owners of files appear through the pod's user namespace
record MountRequest(
    String destination,
    String hostPath,
    Access access,
    Propagation propagation,
    List<String> options,
    boolean mapped) {
  private static final String FIELD = "config.mounts.";
  private static final int MOST = 4096;
  private static final Set<String> OPTIONS =
      Set.of("noatime", "nodev", "nodiratime", "noexec", "nosuid", "relatime", "strictatime");

  /// Files of `/proc` that lxcfs replaces; every other mount there could hide what security rests
  /// on (CVE-2019-16884, CVE-2023-28642).
  private static final Set<String> ALLOWED_IN_PROC =
      Set.of(
          "/proc/cpuinfo",
          "/proc/diskstats",
          "/proc/loadavg",
          "/proc/meminfo",
          "/proc/slabinfo",
          "/proc/stat",
          "/proc/swaps",
          "/proc/uptime");

  MountRequest {
    options = List.copyOf(options);
  }

  static List<MountRequest> of(SpecInput input) {
    var container = input.container();
    Check.that(
        container.getMountsCount() <= MOST,
        "config.mounts",
        container.getMountsCount(),
        "must be at most " + MOST);
    var requests = container.getMountsList().stream().map(mount -> of(mount, input)).toList();
    var seen = new HashSet<String>();
    for (var request : requests) {
      Check.that(
          seen.add(request.destination),
          FIELD + "container_path",
          request.destination,
          "is mounted twice");
    }
    return requests;
  }

  private static MountRequest of(Mount mount, SpecInput input) {
    var destination = destination(mount.getContainerPath());
    Check.that(!mount.getHostPath().isEmpty(), FIELD + "host_path", "", "must not be empty");
    var propagation = propagation(mount);
    return new MountRequest(
        destination,
        Check.absolutePath(FIELD + "host_path", mount.getHostPath()),
        access(mount, propagation, input.node()),
        propagation,
        options(mount),
        mapped(mount, input.users()));
  }

  private static boolean mapped(Mount mount, Optional<UserNs> users) {
    if (mount.getUidMappingsCount() == 0 && mount.getGidMappingsCount() == 0) {
      return false;
    }
    var asked =
        NamespaceOption.newBuilder()
            .setUsernsOptions(
                UserNamespace.newBuilder()
                    .addAllUids(mount.getUidMappingsList())
                    .addAllGids(mount.getGidMappingsList()));
    Check.that(
        UserNs.of(asked.build()).equals(users),
        FIELD + "uidMappings",
        mount.getContainerPath(),
        "must be those of the pod's user namespace");
    return true;
  }

  private static String destination(String path) {
    var destination = Check.absolutePath(FIELD + "container_path", path);
    Check.that(!destination.equals("/"), FIELD + "container_path", path, "must not be the root");
    Check.that(
        !Check.isAtOrBelow(destination, "/proc") || ALLOWED_IN_PROC.contains(destination),
        FIELD + "container_path",
        path,
        "must not be /proc or beneath it");
    return destination;
  }

  private static Propagation propagation(Mount mount) {
    return switch (mount.getPropagation()) {
      case PROPAGATION_PRIVATE -> Propagation.PRIVATE;
      case PROPAGATION_HOST_TO_CONTAINER -> Propagation.HOST_TO_CONTAINER;
      case PROPAGATION_BIDIRECTIONAL -> Propagation.BIDIRECTIONAL;
      case UNRECOGNIZED ->
          throw new Refusal.InvalidArgument(
              FIELD + "propagation",
              mount.getPropagationValue(),
              "must be PROPAGATION_PRIVATE, PROPAGATION_HOST_TO_CONTAINER or PROPAGATION_BIDIRECTIONAL");
    };
  }

  private static Access access(Mount mount, Propagation propagation, NodeFacts node) {
    if (!mount.getRecursiveReadOnly()) {
      return mount.getReadonly() ? Access.READ_ONLY : Access.READ_WRITE;
    }
    Check.that(
        mount.getReadonly() && propagation == Propagation.PRIVATE,
        FIELD + "recursive_read_only",
        mount.getContainerPath(),
        "needs readonly and PROPAGATION_PRIVATE");
    if (!node.has(Feature.RECURSIVE_READ_ONLY)) {
      throw new Refusal.InvalidArgument(
          "RROUnsupported: "
              + FIELD
              + "recursive_read_only of "
              + mount.getContainerPath()
              + " needs Linux 5.12 and a runtime that knows rro");
    }
    return Access.RECURSIVE_READ_ONLY;
  }

  private static List<String> options(Mount mount) {
    for (var option : mount.getMountOptionsList()) {
      Check.that(
          OPTIONS.contains(option),
          FIELD + "mount_options",
          option,
          "must be one of " + List.copyOf(new TreeSet<>(OPTIONS)));
    }
    return mount.getMountOptionsList();
  }
}
