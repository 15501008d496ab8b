// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file that the kubelet reads a container's output from. It is made before the container, so
/// that a path that cannot be written refuses the request.
final class LogFile {
  private static final int FLAGS =
      OpenFlags.O_WRONLY
          | OpenFlags.O_CREAT
          | OpenFlags.O_APPEND
          | OpenFlags.O_NOFOLLOW
          | OpenFlags.O_NONBLOCK;
  private static final int MODE = 0640;

  private LogFile() {}

  /// {@return where the log goes: by the container's id when the request names no file}
  static Path path(Path directory, String logPath, ContainerId id) {
    var path = directory.resolve(logPath.isEmpty() ? id.hex() + ".log" : logPath);
    for (var part : path) {
      if (part.toString().equals("..")) {
        throw new Refusal.InvalidArgument("config.log_path", logPath, "must not contain '..'");
      }
    }
    return path.normalize();
  }

  /// Makes the file if it is not there.
  static void create(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    try (var file = Fd.open(path, FLAGS, MODE)) {
      if (!file.stat().isRegularFile()) {
        throw refused(path);
      }
    } catch (LinuxException e) {
      switch (e.errno()) {
        case Errno.ELOOP, Errno.EISDIR, Errno.ENXIO -> throw refused(path);
        default -> throw e;
      }
    }
  }

  private static Refusal refused(Path path) {
    return new Refusal.InvalidArgument("log path", path, "must be a regular file or not exist");
  }
}
