// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.DirFd;
import io.criollo.linux.FileLabels;
import io.criollo.linux.Mounts;
import io.criollo.runtime.container.HandlerFeatures;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.spec.PodAnnotation;
import io.criollo.runtime.spec.Quantity;
import io.criollo.runtime.spec.SelinuxLabels;
import io.criollo.runtime.spec.UserNs;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The files that a pod's containers share: {@code /dev/shm}, {@code /etc/resolv.conf}, {@code
/// /etc/hostname}.
public final class PodFiles {
  private static final long USUAL_SHM_BYTES = 64L << 20;
  private static final int SHM_MODE = 01777;
  private static final FileAttribute<?> OWN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Layout layout;
  private final NodeFacts node;
  private final HandlerFeatures features;

  public PodFiles(Layout layout, NodeFacts node, HandlerFeatures features) {
    this.node = node;
    this.layout = layout;
    this.features = features;
  }

  /// Checks a request before anything is made.
  ///
  /// @throws Refusal.InvalidArgument when the pod asks for files that cannot be
  void requirePossible(PodSandboxConfig config, String handler) {
    if (!PodNamespaces.hostIpc(config)) {
      var _ = shmBytes(config, handler);
    }
  }

  private long shmBytes(PodSandboxConfig config, String handler) {
    return shmBytes(features.annotations(handler).ofPod(config));
  }

  /// {@return the size of a pod's {@code /dev/shm} in bytes}
  ///
  /// @param annotations those of the pod that have an effect
  /// @throws Refusal.InvalidArgument when they say another one, which is none
  static long shmBytes(Map<String, String> annotations) {
    var wanted = PodAnnotation.SHM_SIZE.in(annotations);
    try {
      long bytes = wanted.map(Quantity::parse).orElse(USUAL_SHM_BYTES);
      if (bytes > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException _) {
      // told below
    }
    throw new Refusal.InvalidArgument(
        PodAnnotation.SHM_SIZE.field(),
        wanted.orElse(""),
        "must be an amount of bytes above 0, such as 128Mi");
  }

  void create(PodId id, PodSandboxConfig config, String handler, String hostname)
      throws IOException {
    var folder = Files.createDirectories(layout.podFiles(id));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x---"));
    var label = SelinuxLabels.ofPod(node, id, config);
    write(layout.resolvConf(id), ResolvConf.of(config.getDnsConfig()), label);
    write(layout.hostname(id), hostname + "\n", label);
    if (!PodNamespaces.hostIpc(config)) {
      Files.createDirectory(layout.shm(id));
      Mounts.tmpfs(layout.shm(id), shmBytes(config, handler), SHM_MODE, label);
    }
    var users = UserNs.of(config);
    if (users.isPresent()) {
      give(id, users.get());
    }
    if (config.getLogDirectory().isEmpty()) {
      Files.createDirectories(layout.logs());
      Files.createDirectory(layout.logs(id), OWN);
    } else {
      createLogFolder(Path.of(config.getLogDirectory()));
    }
  }

  /// Above it there may be links, such as of `/var/log` to another disk.
  private static void createLogFolder(Path folder) throws IOException {
    if (Files.isSymbolicLink(folder)) {
      throw new Refusal.InvalidArgument(
          "config.log_directory", folder, "must be a directory or not exist, and not be a link");
    }
    for (var above = folder; above != null; above = above.getParent()) {
      if (Files.exists(above) && !Files.isDirectory(above)) {
        throw new Refusal.InvalidArgument(
            "config.log_directory", folder, "must be a directory or not exist; not so " + above);
      }
    }
    Files.createDirectories(folder);
  }

  /// Root of the user namespace owns what its containers share, and alone passes into the folder.
  private void give(PodId id, UserNs users) throws IOException {
    Files.setAttribute(layout.podFiles(id), "unix:gid", users.rootGid());
    for (var path : List.of(layout.resolvConf(id), layout.hostname(id), layout.shm(id))) {
      Files.setAttribute(path, "unix:uid", users.rootUid());
      Files.setAttribute(path, "unix:gid", users.rootGid());
    }
  }

  /// Removes all of them; what is not there is no error.
  public void remove(PodId id) throws IOException {
    Mounts.unmountIfMounted(layout.shm(id));
    for (var folder : List.of(layout.podFiles(id), layout.logs(id))) {
      if (Files.exists(folder)) {
        DirFd.removeTree(folder);
      }
    }
  }

  private static void write(Path file, String text, Optional<String> label) throws IOException {
    AtomicFile.writeVolatile(file, text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    if (label.isPresent()) {
      FileLabels.set(file, label.get());
    }
  }
}
