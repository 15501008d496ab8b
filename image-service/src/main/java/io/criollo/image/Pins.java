// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.store.StoredImage;
import java.util.Set;
import java.util.stream.Stream;

/// Which images garbage collection must spare (crio.conf(5), `pinned_images`): an exact name,
/// `name*`, or `*word*`.
record Pins(Set<String> patterns) {

  boolean cover(StoredImage image) {
    return Stream.concat(image.names().tags().keySet().stream(), image.names().digests().stream())
        .anyMatch(name -> patterns.stream().anyMatch(pattern -> matches(pattern, name)));
  }

  private static boolean matches(String pattern, String name) {
    var open = pattern.endsWith("*") && pattern.length() > 1;
    if (!open) {
      return name.equals(pattern) || (untagged(pattern) && name.equals(pattern + ":latest"));
    }
    var word = pattern.substring(0, pattern.length() - 1);
    return word.startsWith("*") ? name.contains(word.substring(1)) : name.startsWith(word);
  }

  private static boolean untagged(String pattern) {
    return pattern.indexOf(':', pattern.lastIndexOf('/') + 1) < 0;
  }
}
