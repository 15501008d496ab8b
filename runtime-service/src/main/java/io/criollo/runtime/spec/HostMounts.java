// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Turns the request's mounts into those that the host can make: symlinks of sources are followed,
/// a source that is missing is made as a directory, as kubelets expect.
final class HostMounts {
  private HostMounts() {}

  static List<BindMount> find(SpecInput input) {
    var mounts = MountRequest.of(input).stream().map(request -> found(request, input)).toList();
    SelinuxVolumes.relabel(input, mounts);
    return mounts;
  }

  private static BindMount found(MountRequest request, SpecInput input) {
    var path = prefixed(Check.hostPath("config.mounts.host_path", request.hostPath()), input);
    var source = source(path, input.node().defaults().files().neededSources());
    PropagationCheck.check(source, request.propagation());
    return new BindMount(
        request.destination(),
        source.toString(),
        request.access(),
        request.propagation(),
        request.options(),
        request.mapped());
  }

  /// What lies beside the container's root is the daemon's own: an image that is a volume.
  private static Path prefixed(Path path, SpecInput input) {
    var prefix = input.node().defaults().files().sourcePrefix();
    var own = input.paths().rootfs().resolveSibling(".").normalize();
    if (prefix.isEmpty() || path.startsWith(own)) {
      return path;
    }
    try {
      return new SourcePrefix(prefix.get()).resolve(path);
    } catch (IOException e) {
      throw refusal(path, e);
    }
  }

  private static Path source(Path path, List<Path> needed) {
    try {
      return path.toRealPath();
    } catch (NoSuchFileException e) {
      if (needed.contains(path.normalize())) {
        throw refusal(path, e);
      }
      return made(path);
    } catch (IOException e) {
      throw refusal(path, e);
    }
  }

  private static Path made(Path path) {
    try {
      makeDirectories(path);
      return path.toRealPath();
    } catch (IOException e) {
      throw refusal(path, e);
    }
  }

  /// Permissions do not depend on the daemon's umask. Others may make the same one meanwhile.
  private static void makeDirectories(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    var parent = path.getParent();
    if (parent != null) {
      makeDirectories(parent);
    }
    try {
      Files.createDirectory(path);
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(path)) {
        return;
      }
      throw e;
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Refusal refusal(Path path, IOException e) {
    return new Refusal.FailedPrecondition(
        "config.mounts.host_path "
            + path
            + ": cannot be mounted: "
            + e.getClass().getSimpleName()
            + " "
            + e.getMessage(),
        e);
  }
}
