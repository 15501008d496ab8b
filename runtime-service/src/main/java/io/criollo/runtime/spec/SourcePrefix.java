// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Resolve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The folder under which the daemon sees the node's files, when it runs in a container itself.
record SourcePrefix(Path folder) {
  /// {@return where the daemon finds a path of the node} Links are followed as they are on the
  /// node, an absolute one from this folder on. What does not exist is below it as it stands.
  Path resolve(Path path) throws IOException {
    try (var root = DirFd.open(folder);
        var found =
            Fd.openAt2(
                root.fd(),
                "." + path,
                OpenFlags.O_PATH,
                0,
                Resolve.IN_ROOT | Resolve.NO_MAGICLINKS)) {
      return Files.readSymbolicLink(found.procPath());
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return Path.of(folder + "/" + path).normalize();
      }
      throw e;
    }
  }
}
