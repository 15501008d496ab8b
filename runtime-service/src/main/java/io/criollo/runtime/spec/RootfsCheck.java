// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Resolve;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.Optional;

/// What an image's tree must not hold where the runtime mounts or starts: a link that OCI runtimes
/// have followed to the host (CVE-2026-41579), a file in place of the working directory.
final class RootfsCheck {
  private static final List<String> MOUNT_POINTS = List.of("dev", "proc", "sys");

  private RootfsCheck() {}

  static void check(SpecInput input) {
    var path = input.paths().rootfs();
    try (var root = Fd.open(path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0)) {
      for (var name : MOUNT_POINTS) {
        require(find(root, name, OpenFlags.O_NOFOLLOW), "/" + name);
      }
      var directory = WorkingDirPart.of(input.container(), input.image());
      if (!isMountedOver(directory, input)) {
        require(find(root, directory, 0), "working dir " + directory);
      }
    } catch (LinuxException e) {
      throw new Refusal.FailedPrecondition("look into the root file system: " + e.getMessage(), e);
    }
  }

  private static boolean isMountedOver(String directory, SpecInput input) {
    return MountRequest.of(input).stream()
        .anyMatch(mount -> Check.isAtOrBelow(directory, mount.destination()));
  }

  private static void require(Optional<FileStat> found, String what) {
    if (found.isPresent() && !found.get().isDirectory()) {
      throw new Refusal.FailedPrecondition(what + ": must be a directory in the image");
    }
  }

  private static Optional<FileStat> find(Fd root, String path, int flags) throws LinuxException {
    try (var fd =
        Fd.openAt2(
            root, path, OpenFlags.O_PATH | flags, 0, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS)) {
      return Optional.of(fd.stat());
    } catch (LinuxException e) {
      return switch (e.errno()) {
        case Errno.ENOENT -> Optional.empty();
        case Errno.ENOTDIR ->
            throw new Refusal.FailedPrecondition(
                path + ": a part of it is no directory in the image");
        default -> throw e;
      };
    }
  }
}
