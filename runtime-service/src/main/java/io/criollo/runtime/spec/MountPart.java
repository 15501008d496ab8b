// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.spec.BindMount.Propagation;
import io.criollo.runtime.spec.OciSpec.Mount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All mounts of a container, outer ones first: kernel file systems, the pod's files, the request's
/// mounts. A mount of the request takes the place of one of ours, and of everything of ours below
/// `/dev` and `/sys` when it covers those.
final class MountPart {
  private MountPart() {}

  /// Those of devices come last, in place of whatever is there.
  static List<Mount> of(SpecInput input, HostParts host) {
    var devices = CdiPart.mounts(host.cdi());
    var mounts = new ArrayList<>(of(input, host.mounts()));
    for (var device : devices) {
      mounts.removeIf(mount -> mount.destination().equals(device.destination()));
      mounts.add(device);
    }
    mounts.sort(Comparator.comparingInt(mount -> Check.names(mount.destination()).size()));
    return List.copyOf(mounts);
  }

  static List<Mount> of(SpecInput input, List<BindMount> requested) {
    var mounts = new ArrayList<Mount>();
    for (var own : OwnMounts.of(input)) {
      if (requested.stream().noneMatch(mount -> replaces(mount, own))) {
        mounts.add(own);
      }
    }
    requested.forEach(mount -> mounts.add(mount(mount, input.users())));
    mounts.sort(Comparator.comparingInt(mount -> Check.names(mount.destination()).size()));
    return List.copyOf(mounts);
  }

  private static boolean replaces(BindMount requested, Mount own) {
    var at = requested.destination();
    boolean covers = at.equals("/dev") || at.equals("/sys");
    return at.equals(own.destination()) || (covers && Check.isAtOrBelow(own.destination(), at));
  }

  private static Mount mount(BindMount mount, Optional<UserNs> users) {
    var options = new ArrayList<String>();
    options.add("rbind");
    options.add(mount.propagation().option);
    options.add(mount.access().option);
    options.addAll(mount.options());
    var mapping = users.filter(_ -> mount.mapped());
    return new Mount(
        mount.destination(),
        "bind",
        mount.source(),
        options,
        mapping.map(UserNs::uids).map(List::of).orElse(List.of()),
        mapping.map(UserNs::gids).map(List::of).orElse(List.of()));
  }

  /// {@return what the container's root has to be for its mounts to take part in propagation}
  static @Nullable String rootfsPropagation(List<BindMount> mounts) {
    if (mounts.stream().anyMatch(mount -> mount.propagation() == Propagation.BIDIRECTIONAL)) {
      return "shared";
    }
    boolean slave =
        mounts.stream().anyMatch(mount -> mount.propagation() == Propagation.HOST_TO_CONTAINER);
    return slave ? "rslave" : null;
  }
}
