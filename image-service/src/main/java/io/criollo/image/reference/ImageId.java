// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.reference;

import io.criollo.image.reference.ImageException.Kind;

/// The identity of an image: the sha256 digest of its configuration, of an artifact's manifest. It
/// is written `sha256:hex` through every API.
public record ImageId(String hex) {
  public ImageId {
    hex = new Digest("sha256", hex).hex();
  }

  /// {@return the id of the image whose configuration has this digest}
  public static ImageId of(Digest config) throws ImageException {
    if (!config.algorithm().equals("sha256")) {
      throw new ImageException(
          Kind.UNSUPPORTED, "image configuration must be named by sha256, not " + config);
    }
    return new ImageId(config.hex());
  }

  /// {@return the id written as `sha256:hex`, or as `hex` alone}
  public static ImageId parse(String text) throws ImageException {
    return of(Digest.parse(text.indexOf(':') < 0 ? "sha256:" + text : text));
  }

  /// {@return `sha256:hex`}
  public String digest() {
    return "sha256:" + hex;
  }

  @Override
  public String toString() {
    return digest();
  }
}
