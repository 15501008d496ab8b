// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageReference;

/// One place an image can be pulled from: a mirror, or the registry itself.
///
/// @param reference the image's name there
/// @param insecure whether certificates go unchecked and plain HTTP will do
/// @param mirror whether the place stands in for another registry
/// @param manner what else is to be known to speak to it
public record Source(ImageReference reference, boolean insecure, boolean mirror, Manner manner) {

  public Source(ImageReference reference, boolean insecure, boolean mirror) {
    this(reference, insecure, mirror, Manner.USUAL);
  }

  /// {@return `host[:port]` to connect to}
  String host() {
    return reference.domain().equals("docker.io") ? "registry-1.docker.io" : reference.domain();
  }

  @Override
  public String toString() {
    return (mirror ? "mirror " : "registry ") + reference.domain();
  }
}
