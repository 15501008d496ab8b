// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.MountPropagation;
import io.criollo.image.mount.RootFilesystems;
import io.criollo.image.mount.RootView;
import io.criollo.image.reference.ImageException;
import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Resolve;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Images and artifacts as volumes: each is mounted read-only beside the container's root file
/// system, from where the OCI runtime binds it, and goes with that.
final class ImageMounts {
  private static final String FIELD = "config.mounts.";

  /// The kubelet knows the failure by this word.
  private static final String FAILED = "ImageVolumeMountFailed: ";

  private final ContainerImages images;
  private final RootFilesystems roots;

  ImageMounts(ContainerImages images, RootFilesystems roots) {
    this.images = images;
    this.roots = roots;
  }

  /// A container's configuration with its image mounts.
  ///
  /// @param shown with the id of each image, as clients see it
  /// @param mounted with a path of the host in place of each image
  record Mounted(ContainerConfig shown, ContainerConfig mounted) {}

  static void check(ContainerConfig config) {
    for (var mount : config.getMountsList()) {
      if (isImage(mount)) {
        checkImage(mount);
      } else if (!mount.getImageSubPath().isEmpty()) {
        throw refused(mount, "image_sub_path", mount.getImageSubPath(), "needs an image");
      }
    }
  }

  private static boolean isImage(Mount mount) {
    return !mount.getImage().getImage().isEmpty();
  }

  private static void checkImage(Mount mount) {
    var sub = mount.getImageSubPath();
    if (!mount.getReadonly()) {
      throw refused(mount, "readonly", false, "must be true for an image");
    }
    if (!mount.getHostPath().isEmpty()) {
      throw refused(mount, "host_path", mount.getHostPath(), "must be empty for an image");
    }
    if (mount.getPropagation() != MountPropagation.PROPAGATION_PRIVATE) {
      throw refused(
          mount, "propagation", mount.getPropagationValue(), "must be private for an image");
    }
    if (sub.startsWith("/")
        || List.of(sub.split("/")).contains("..")
        || sub.chars().anyMatch(Character::isISOControl)) {
      throw refused(mount, "image_sub_path", sub, "must be relative, without '..'");
    }
  }

  private static Refusal refused(Mount mount, String field, Object value, String allowed) {
    return new Refusal.InvalidArgument(
        FIELD + field + " of " + mount.getContainerPath(), value, allowed);
  }

  Mounted mount(ContainerId id, ContainerConfig config, String namespace, RootView view)
      throws ImageException, IOException {
    var shown = config.toBuilder();
    var mounted = config.toBuilder();
    for (int i = 0; i < config.getMountsCount(); i++) {
      var mount = config.getMounts(i);
      if (isImage(mount)) {
        var image = images.findMountable(mount.getImage(), namespace, FAILED);
        var root = roots.addImage(id.hex(), image.id(), view);
        shown.getMountsBuilder(i).getImageBuilder().setImageRef(image.id().digest());
        mounted
            .getMountsBuilder(i)
            .clearImage()
            .clearImageSubPath()
            .clearUidMappings()
            .clearGidMappings()
            .setHostPath(directory(root, mount).toString());
      }
    }
    return new Mounted(shown.build(), mounted.build());
  }

  /// Links in the image lead nowhere but into the image.
  private static Path directory(Path root, Mount mount) throws IOException {
    if (mount.getImageSubPath().isEmpty()) {
      return root;
    }
    try (var top = DirFd.open(root);
        var found = top.openDir(mount.getImageSubPath(), Resolve.IN_ROOT | Resolve.NO_MAGICLINKS)) {
      return Files.readSymbolicLink(found.fd().procPath());
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG)) {
        throw new Refusal.FailedPrecondition(
            FAILED
                + FIELD
                + "image_sub_path of "
                + mount.getContainerPath()
                + ": image "
                + mount.getImage().getImage()
                + " has no directory "
                + mount.getImageSubPath(),
            e);
      }
      throw e;
    }
  }
}
