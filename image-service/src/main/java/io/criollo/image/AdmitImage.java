// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.policy.Admission;
import io.criollo.image.policy.Signature;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageId;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.reference.ParsedName;
import io.criollo.image.registry.RegistriesConf;
import io.criollo.image.store.BlobStore;
import io.criollo.image.store.ImageStore;
import io.criollo.image.store.StoredImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Asks the signature policy again before an image of the store is used: the pods of another
/// namespace may have brought it, and policies change.
public final class AdmitImage {
  private final ImageSettings settings;
  private final RegistriesConf registries;
  private final ImageStore images;
  private final BlobStore blobs;

  AdmitImage(
      ImageSettings settings, RegistriesConf registries, ImageStore images, BlobStore blobs) {
    this.settings = settings;
    this.registries = registries;
    this.images = images;
    this.blobs = blobs;
  }

  /// Refuses an image that the policy for a namespace does not let in.
  ///
  /// @param name what the user called it; with an id, each of the image's names will do
  /// @throws ImageException SIGNATURE when it is refused
  public void admit(ImageId id, String name, String namespace) throws ImageException, IOException {
    var image =
        images
            .find(id)
            .orElseThrow(() -> new ImageException(Kind.NOT_FOUND, "image not found: " + id));
    var policy = settings.signatures().policies().of(namespace);
    var refusals = new ArrayList<ImageException>();
    for (var reference : references(image, name)) {
      try {
        check(Admission.of(policy, reference), image);
        return;
      } catch (ImageException e) {
        refusals.add(e);
      }
    }
    throw refusals.isEmpty()
        ? ImageException.signature("image has no name to ask the signature policy for: " + id)
        : refusals.getFirst();
  }

  private void check(Admission admission, StoredImage image) throws ImageException, IOException {
    var manifests = new HashSet<Digest>();
    for (var manifest : image.names().manifests()) {
      manifests.add(Digest.parse(manifest));
    }
    var signatures = new ArrayList<Signature>();
    if (admission.wantsSignatures()) {
      for (var digest : image.names().signatures()) {
        var blob = blobs.get(Digest.parse(digest));
        if (blob.isPresent()) {
          signatures.add(Signature.parse(blob.get()));
        }
      }
    }
    admission.check(manifests, signatures);
  }

  private List<ImageReference> references(StoredImage image, String name) throws ImageException {
    var own = new ArrayList<ImageReference>();
    for (var tag : image.names().tags().keySet()) {
      own.add(ImageReference.parse(tag));
    }
    for (var digest : image.names().digests()) {
      own.add(ImageReference.parse(digest));
    }
    if (ImageLookup.isId(name) || image.id().hex().startsWith(name)) {
      return own;
    }
    var candidates = registries.now().candidates(ParsedName.parse(name));
    var known = candidates.stream().filter(own::contains).toList();
    return known.isEmpty() ? candidates : known;
  }
}
