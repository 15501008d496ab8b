// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.ProjectQuota;
import io.criollo.linux.ProjectQuota.Support;
import io.criollo.linux.StatFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Gives each container's writable layer a project of its own where the file system has project
/// quotas: the kernel then knows what it takes, and holds its limit. The directories themselves say
/// which ids are taken, so nothing can be forgotten. Thread-safe.
final class Projects {
  /// Far from the kubelet's ids (from 1048577) and those that people give.
  private static final long FIRST = 0x6372_0000L;

  private static final int COUNT = 0x1_0000;

  private final Path folder;
  private final UpperLimit limit;
  private final Support support;
  private final int count;
  private final Set<Long> taken = new HashSet<>();
  private long last = FIRST;

  private Projects(Path folder, UpperLimit limit, Support support, int count) {
    this.folder = folder;
    this.limit = limit;
    this.support = support;
    this.count = count;
  }

  /// @param folder of all containers
  /// @throws ImageException MISCONFIGURED when there is a limit that the file system cannot hold
  static Projects open(Path folder, UpperLimit limit) throws IOException, ImageException {
    return open(folder, limit, COUNT);
  }

  static Projects open(Path folder, UpperLimit limit, int count)
      throws IOException, ImageException {
    try (var directory = DirFd.open(folder)) {
      var projects = new Projects(folder, limit, ProjectQuota.support(directory), count);
      if (limit.isSet() && projects.support != Support.LIMITED) {
        throw new ImageException(
            Kind.MISCONFIGURED,
            "containers cannot be limited (overlay.size, overlay.inodes): the file system of "
                + folder
                + " does not enforce project quotas; "
                + remedy(StatFs.of(folder).type(), projects.support));
      }
      return projects;
    }
  }

  /// {@return what an operator can do so that a file system holds limits}
  private static String remedy(long type, Support support) {
    if (type == StatFs.EXT4_MAGIC && support == Support.NONE) {
      return "give it the features project and quota while it is not mounted"
          + " (tune2fs -O project,quota DEVICE), and mount it with prjquota";
    }
    if (type == StatFs.EXT4_MAGIC || type == StatFs.XFS_MAGIC) {
      return "mount it anew with prjquota (a root file system: rootflags=prjquota for the kernel)";
    }
    return "XFS and ext4 do when they are mounted with prjquota";
  }

  /// Says that a directory was found, as when the daemon starts.
  synchronized void found(Path directory) throws IOException {
    of(directory)
        .ifPresent(project -> {
          taken.add(project);
          last = Math.max(last, project);
        });
  }

  /// {@return the project of a directory that may not be there}
  Optional<Long> of(Path directory) throws IOException {
    if (support == Support.NONE || !Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (var open = DirFd.open(directory)) {
      return Optional.of(ProjectQuota.project(open)).filter(Projects::isOurs);
    }
  }

  private static boolean isOurs(long project) {
    return project >= FIRST && project < FIRST + COUNT;
  }

  /// Gives an empty directory a project.
  ///
  /// @return whether it got one: the file system may have none
  boolean give(Path directory) throws IOException {
    if (support == Support.NONE) {
      return false;
    }
    try (var open = DirFd.open(directory)) {
      var project = take(open);
      if (project.isPresent()) {
        give(open, project.get());
      }
      return project.isPresent();
    }
  }

  private void give(DirFd directory, long project) throws IOException {
    try {
      ProjectQuota.limit(directory, project, limit.bytes(), limit.inodes());
      ProjectQuota.assign(directory, project);
    } catch (IOException e) {
      back(project);
      throw e;
    }
  }

  /// {@return an id that nobody has} A deleted file that is open still counts, and other programs
  /// may have taken ids.
  private synchronized Optional<Long> take(DirFd directory) throws IOException {
    for (int tries = 0; tries < count; tries++) {
      last = last + 1 < FIRST + count ? last + 1 : FIRST;
      if (!taken.contains(last) && ProjectQuota.usage(directory, last).inodes() == 0) {
        taken.add(last);
        return Optional.of(last);
      }
    }
    if (limit.isSet()) {
      throw new IOException("all " + count + " project ids are in use under " + folder);
    }
    return Optional.empty(); // then its files are counted one by one
  }

  /// Lets an empty directory belong to the project of another one, as the one that overlayfs
  /// renames from.
  void share(Path from, Path to) throws IOException {
    var project = of(from);
    if (project.isPresent()) {
      try (var open = DirFd.open(to)) {
        ProjectQuota.assign(open, project.get());
      }
    }
  }

  /// Gives an id back whose directories are removed.
  synchronized void back(long project) throws IOException {
    try (var directory = DirFd.open(folder)) {
      ProjectQuota.limit(directory, project, 0, 0);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT, Errno.ESRCH)) {
        throw e;
      }
    }
    taken.remove(project);
  }

  /// {@return what a layer takes, if the kernel knows}
  Optional<FsUsage> usage(Path directory) throws IOException {
    var project = of(directory);
    if (project.isEmpty()) {
      return Optional.empty();
    }
    try (var open = DirFd.open(directory)) {
      var usage = ProjectQuota.usage(open, project.get());
      return Optional.of(new FsUsage(directory, usage.bytes(), usage.inodes(), Instant.now()));
    }
  }
}
