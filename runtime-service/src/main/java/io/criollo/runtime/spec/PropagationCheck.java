// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.LinuxException;
import io.criollo.linux.MountInfo;
import io.criollo.runtime.spec.BindMount.Propagation;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.List;

/// Mounts travel between host and container only where the host's own mount takes part: without it
/// the container would start and never see one.
final class PropagationCheck {
  private PropagationCheck() {}

  static void check(Path source, Propagation propagation) {
    if (propagation == Propagation.PRIVATE) {
      return;
    }
    try {
      check(source, propagation, MountInfo.self());
    } catch (LinuxException e) {
      throw new Refusal.FailedPrecondition(
          "find the mount of " + source + ": " + e.getMessage(), e);
    }
  }

  static void check(Path source, Propagation propagation, List<MountInfo> mounts) {
    var mount =
        MountInfo.holding(source, mounts)
            .orElseThrow(() -> new Refusal.FailedPrecondition("no mount holds " + source));
    boolean shared = has(mount, "shared:");
    switch (propagation) {
      case PRIVATE -> {}
      case HOST_TO_CONTAINER ->
          require(shared || has(mount, "master:"), source, mount, "shared or slave");
      case BIDIRECTIONAL -> require(shared, source, mount, "shared");
    }
  }

  private static boolean has(MountInfo mount, String tag) {
    return mount.optional().stream().anyMatch(field -> field.startsWith(tag));
  }

  private static void require(boolean holds, Path source, MountInfo mount, String wanted) {
    if (!holds) {
      throw new Refusal.FailedPrecondition(
          "config.mounts.propagation of "
              + source
              + ": the host's mount at "
              + mount.mountPoint()
              + " must be "
              + wanted);
    }
  }
}
