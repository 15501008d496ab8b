// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.DirFd;
import io.criollo.linux.FileLabels;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.runtime.spec.BindMount.Access;
import io.criollo.runtime.spec.BindMount.Propagation;
import io.criollo.runtime.spec.OciSpec.Mount;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The VOLUME paths of an image, as the configuration wants them.
///
/// @param paths without doubles; none that would hide what the runtime or we mount
record ImageVolumes(SpecInput input, List<String> paths) {
  private static final int MOST = 1000;
  private static final List<String> KERNELS = List.of("/proc", "/sys", "/dev");

  ImageVolumes {
    paths = List.copyOf(paths);
  }

  /// {@return the volumes of an image, checked}
  static ImageVolumes of(SpecInput input) {
    if (input.node().defaults().files().imageVolumes() == VolumeMode.IGNORE) {
      return new ImageVolumes(input, List.of());
    }
    var volumes = input.image().volumes();
    Check.that(
        volumes.size() <= MOST, "volumes of the image", volumes.size(), "must be at most " + MOST);
    var own = OwnMounts.of(input).stream().map(Mount::destination).toList();
    var paths =
        volumes.stream()
            .map(volume -> Check.absolutePath("volume of the image", "/" + volume))
            .filter(path -> !path.equals("/") && !own.contains(path))
            .filter(path -> KERNELS.stream().noneMatch(top -> Check.isAtOrBelow(path, top)))
            .distinct()
            .toList();
    return new ImageVolumes(input, paths);
  }

  /// Makes the directories.
  ///
  /// @param requested mounts of the request: no volume is mounted on one of them
  /// @return what is to be mounted for them
  List<BindMount> make(List<BindMount> requested) {
    if (paths.isEmpty()) {
      return List.of();
    }
    try (var root = DirFd.open(input.paths().rootfs())) {
      return switch (input.node().defaults().files().imageVolumes()) {
        case IGNORE -> List.of();
        case MKDIR -> made(root);
        case BIND -> bound(root, requested);
      };
    } catch (IOException e) {
      throw new Refusal.FailedPrecondition("make a volume of the image: " + e.getMessage(), e);
    }
  }

  private List<BindMount> made(DirFd root) throws LinuxException {
    var owner = VolumeOwner.of(input);
    for (var path : paths) {
      new VolumeDirectory(root, path).make(owner);
    }
    return List.of();
  }

  private List<BindMount> bound(DirFd root, List<BindMount> requested) throws IOException {
    var mounts = new ArrayList<BindMount>();
    for (var path : paths) {
      var there = new VolumeDirectory(root, path).stat();
      boolean covered =
          requested.stream().anyMatch(mount -> Check.isAtOrBelow(path, mount.destination()));
      if (!covered && there.map(FileStat::isDirectory).orElse(true)) {
        var source = source(mounts.size(), there);
        mounts.add(
            new BindMount(
                path,
                source.toString(),
                Access.READ_WRITE,
                Propagation.PRIVATE,
                List.of(),
                false)); // its owners are those of the node already
      }
    }
    return mounts;
  }

  /// {@return a new directory that looks like the one in the image}, if there is one
  private Path source(int number, Optional<FileStat> there) throws IOException {
    var folder = input.paths().volumes();
    if (number == 0) {
      Files.createDirectories(folder); // it is there where its files are counted
      // root of a user namespace passes through
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }
    var source = Files.createDirectory(folder.resolve(Integer.toString(number)));
    var owner =
        there.map(like -> new VolumeOwner(like.uid(), like.gid())).orElse(VolumeOwner.of(input));
    try (var directory = DirFd.open(source)) {
      owner.take(directory);
      directory.fd().chmod(there.map(FileStat::permissions).orElse(VolumeDirectory.MODE));
    }
    var labels = input.paths().labels();
    if (labels.isPresent()) {
      FileLabels.set(source, labels.get().files()); // what is made in it inherits that
    }
    return source;
  }
}
