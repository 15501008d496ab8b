// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.DirFd;
import io.criollo.linux.Mounts;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The files that a pod's containers share: {@code /dev/shm}, {@code /etc/resolv.conf}, {@code
/// /etc/hostname}.
public final class PodFiles {
  private static final long SHM_BYTES = 64L << 20;
  private static final int SHM_MODE = 01777;

  private final Layout layout;

  public PodFiles(Layout layout) {
    this.layout = layout;
  }

  void create(PodId id, PodSandboxConfig config, String hostname) throws IOException {
    Files.createDirectories(layout.podFiles(id));
    write(layout.resolvConf(id), ResolvConf.of(config.getDnsConfig()));
    write(layout.hostname(id), hostname + "\n");
    if (!PodNamespaces.hostIpc(config)) {
      Files.createDirectory(layout.shm(id));
      Mounts.tmpfs(layout.shm(id), SHM_BYTES, SHM_MODE);
    }
    if (!config.getLogDirectory().isEmpty()) {
      Files.createDirectories(Path.of(config.getLogDirectory()));
    }
  }

  /// Removes all of them; what is not there is no error.
  public void remove(PodId id) throws IOException {
    Mounts.unmountIfMounted(layout.shm(id));
    if (Files.exists(layout.podFiles(id))) {
      DirFd.removeTree(layout.podFiles(id));
    }
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.writeVolatile(file, text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
