// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageReference;
import java.util.ArrayList;
import java.util.List;

/// One `[[registry]]` of `registries.conf`: for all names under a prefix, where to go instead.
record RegistryRule(
    String prefix, String location, boolean insecure, boolean blocked, List<Mirror> mirrors) {

  /// When a mirror is asked.
  enum PullFrom {
    ALL,
    DIGEST_ONLY,
    TAG_ONLY
  }

  /// One `[[registry.mirror]]`.
  record Mirror(String location, boolean insecure, PullFrom pullFrom) {
    boolean serves(ImageReference reference) {
      return switch (pullFrom) {
        case ALL -> true;
        case DIGEST_ONLY -> reference.digest().isPresent();
        case TAG_ONLY -> reference.digest().isEmpty();
      };
    }
  }

  /// {@return how many characters of the name the prefix covers, -1 when it does not fit}
  int covers(ImageReference reference) {
    var name = reference.toString();
    var end = prefix.startsWith("*.") ? subdomainEnd(name) : prefixEnd(name);
    return end < 0 || end == name.length() || ":/@".indexOf(name.charAt(end)) >= 0 ? end : -1;
  }

  private int prefixEnd(String name) {
    return name.startsWith(prefix) ? prefix.length() : -1;
  }

  private int subdomainEnd(String name) {
    var suffix = prefix.substring(1);
    var at = name.indexOf(suffix);
    return at <= 0 || name.substring(0, at).indexOf('/') >= 0 ? -1 : at + suffix.length();
  }

  /// {@return the mirrors that serve such a reference, in order, then the registry itself}
  List<Source> sources(ImageReference reference) throws ImageException {
    var found = new ArrayList<Source>();
    for (var mirror : mirrors) {
      if (mirror.serves(reference)) {
        found.add(new Source(moved(reference, mirror.location()), mirror.insecure(), true));
      }
    }
    found.add(new Source(moved(reference, location), insecure, false));
    return found;
  }

  private ImageReference moved(ImageReference reference, String to) throws ImageException {
    if (to.isEmpty()) {
      return reference;
    }
    return ImageReference.parse(to + reference.toString().substring(covers(reference)));
  }
}
