// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.ImageSpec;
import io.criollo.image.AdmitImage;
import io.criollo.image.Image;
import io.criollo.image.ImageStatus;
import io.criollo.image.manifest.ArtifactDocument;
import io.criollo.image.manifest.Platform;
import io.criollo.image.reference.ImageException;
import io.criollo.runtime.state.ContainerImage;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Path;

/// Finds the image that a container is to be made of.
public final class ContainerImages {
  private final ImageStatus images;
  private final AdmitImage admission;
  private final boolean artifactMounts;
  private final Processors processors =
      new Processors(Platform.host().architecture(), Path.of("/proc/sys/fs/binfmt_misc"));

  /// @param artifactMounts whether artifacts may be mounted
  public ContainerImages(ImageStatus images, AdmitImage admission, boolean artifactMounts) {
    this.images = images;
    this.admission = admission;
    this.artifactMounts = artifactMounts;
  }

  /// Finds an image to run that the signature policy lets the pods of a namespace use.
  Image find(ImageSpec spec, String namespace) throws ImageException, IOException {
    var image = find(spec, namespace, "");
    if (image.artifact().isPresent()) {
      throw new Refusal.FailedPrecondition(
          described(spec, image.artifact().get())
              + ", not a container image: it can only be mounted as a volume");
    }
    if (!processors.run(image.config().architecture())) {
      throw new Refusal.FailedPrecondition(
          "image %s is for %s, this node for %s"
              .formatted(spec.getImage(), image.config().architecture(), processors.own()));
    }
    return image;
  }

  /// Finds an image to mount; a refusal begins with the words in `prefix`.
  Image findMountable(ImageSpec spec, String namespace, String prefix)
      throws ImageException, IOException {
    var image = find(spec, namespace, prefix);
    if (image.artifact().isPresent()) {
      var artifact = image.artifact().get();
      if (!artifactMounts) {
        throw new Refusal.FailedPrecondition(
            prefix
                + described(spec, artifact)
                + ", which oci_artifact_mount_support = false forbids to mount");
      }
      if (artifact.files().isEmpty()) {
        throw new Refusal.FailedPrecondition(
            prefix + described(spec, artifact) + " without a file: none of its blobs has a title");
      }
    }
    return image;
  }

  private static String described(ImageSpec spec, ArtifactDocument artifact) {
    return "image " + spec.getImage() + " is an artifact of type " + artifact.type();
  }

  private Image find(ImageSpec spec, String namespace, String prefix)
      throws ImageException, IOException {
    var image =
        images
            .find(spec.getImage())
            .orElseThrow(() -> new Refusal.NotFound(prefix + "image", spec.getImage()));
    if (!image.config().os().isEmpty() && !image.config().os().equals("linux")) {
      throw new Refusal.FailedPrecondition(
          prefix
              + "image "
              + spec.getImage()
              + " is for "
              + image.config().os()
              + ", not for linux");
    }
    var asked = spec.getUserSpecifiedImage();
    admission.admit(image.id(), asked.isEmpty() ? spec.getImage() : asked, namespace);
    return image;
  }

  /// {@return what to tell clients of it; the name is what the user wrote, unless that is not
  /// known}
  static ContainerImage describe(Image image, ImageSpec spec) {
    var ref = image.repoDigests().isEmpty() ? image.id().digest() : image.repoDigests().getFirst();
    return new ContainerImage(image.id().digest(), ref, name(image, spec));
  }

  private static String name(Image image, ImageSpec spec) {
    if (!spec.getUserSpecifiedImage().isEmpty()) {
      return spec.getUserSpecifiedImage();
    }
    boolean byId =
        spec.getImage().startsWith("sha256:") || image.id().hex().startsWith(spec.getImage());
    return byId && !image.repoTags().isEmpty() ? image.repoTags().getFirst() : spec.getImage();
  }
}
