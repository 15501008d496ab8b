// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.runtime.state.Checks;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file that the kubelet reads a container's output from. It is made before the container, so
/// that a path that cannot be written refuses the request.
final class LogFile {
  private static final int FLAGS =
      OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_NONBLOCK;
  private static final int MODE = 0640;
  private static final int FOLDER_MODE = 0755;

  private LogFile() {}

  /// {@return where the log goes: by the container's id when the request names no file}
  ///
  /// @param folder without "." and ".."
  /// @param logPath an absolute one begins at the folder too, as with CRI-O
  static Path path(Path folder, String logPath, ContainerId id) {
    var named = logPath.isEmpty() ? id.hex() + ".log" : logPath;
    Checks.parts("config.log_path", named);
    var path = Path.of("/" + named);
    var log = folder.resolve(Path.of("/").relativize(path)).normalize();
    if (log.equals(folder)) {
      throw new Refusal.InvalidArgument("config.log_path", logPath, "must name a file");
    }
    Checks.parts("config.log_path", log.toString());
    return log;
  }

  /// Makes the file if it is not there. Below the folder no link is followed.
  static void create(Path folder, Path path) throws IOException {
    if (Files.isSymbolicLink(folder)) {
      throw refused(path);
    }
    Files.createDirectories(folder);
    try (var top = DirFd.open(folder)) {
      create(top, folder.relativize(path), path);
    } catch (LinuxException e) {
      switch (e.errno()) {
        case Errno.ELOOP, Errno.ENOTDIR, Errno.EISDIR, Errno.ENXIO -> throw refused(path);
        default -> throw e;
      }
    }
  }

  private static void create(DirFd folder, Path path, Path whole) throws LinuxException {
    var name = path.getName(0).toString();
    if (path.getNameCount() > 1) {
      make(folder, name);
      try (var below = folder.openDir(name)) {
        create(below, path.subpath(1, path.getNameCount()), whole);
      }
      return;
    }
    try (var file = folder.openFile(name, FLAGS, MODE)) {
      if (!file.stat().isRegularFile()) {
        throw refused(whole);
      }
    }
  }

  private static void make(DirFd folder, String name) throws LinuxException {
    try {
      folder.mkdir(name, FOLDER_MODE);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
  }

  private static Refusal refused(Path path) {
    return new Refusal.InvalidArgument(
        "config.log_path", path, "must be a regular file, not behind a link, or not exist");
  }
}
