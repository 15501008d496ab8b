// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageId;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.reference.ParsedName;
import io.criollo.image.registry.RegistriesConf;
import io.criollo.image.store.ImageStore;
import io.criollo.image.store.StoredImage;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds a stored image by what a caller calls it: id, name with tag or digest, short name, or the
/// start of an id. A name wins over the start of an id, because anybody can make an image whose id
/// starts like a name.
final class ImageLookup {
  private static final Pattern FULL_ID = Pattern.compile("(sha256:)?[0-9a-f]{64}");
  private static final Pattern ID_START = Pattern.compile("(sha256:)?[0-9a-f]{3,63}");

  private final RegistriesConf registries;
  private final ImageStore images;

  ImageLookup(RegistriesConf registries, ImageStore images) {
    this.registries = registries;
    this.images = images;
  }

  /// {@return whether a text is an image's id, or says that it is the start of one}
  static boolean isId(String text) {
    return FULL_ID.matcher(text).matches()
        || (text.startsWith("sha256:") && ID_START.matcher(text).matches());
  }

  Optional<StoredImage> find(String text) throws ImageException {
    if (FULL_ID.matcher(text).matches()) {
      return images.find(ImageId.parse(text));
    }
    if (text.startsWith("sha256:") && ID_START.matcher(text).matches()) {
      return byStart(text.substring("sha256:".length()));
    }
    var parsed = ParsedName.parse(text);
    for (var candidate : registries.now().candidates(parsed)) {
      var found = find(candidate);
      if (found.isPresent()) {
        return found;
      }
    }
    return ID_START.matcher(text).matches() ? byStart(text) : Optional.empty();
  }

  private Optional<StoredImage> find(ImageReference reference) {
    var digest = reference.digest();
    if (digest.isEmpty()) {
      return reference.repoTag().flatMap(images::tagged);
    }
    var repoDigest = reference.repoDigest(digest.get());
    return images.all().stream()
        .filter(image ->
            image.names().digests().contains(repoDigest)
                || (image.names().manifests().contains(digest.get().toString())
                    && isNamed(image, reference.name())))
        .findFirst();
  }

  private static boolean isNamed(StoredImage image, String name) {
    return image.names().digests().stream().anyMatch(d -> d.startsWith(name + "@"));
  }

  private Optional<StoredImage> byStart(String start) throws ImageException {
    List<StoredImage> found =
        images.all().stream().filter(image -> image.id().hex().startsWith(start)).toList();
    if (found.size() > 1) {
      throw new ImageException(
          Kind.INVALID_REFERENCE, "image id " + start + " is the start of several ids");
    }
    return found.stream().findFirst();
  }
}
