// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import java.util.List;
import java.util.Set;

/// What of a layer depends on the layers below, which its unpacking does not see.
///
/// @param implied directories that the archive has no entry for; the root is the empty path
/// @param links hard links to files that are not the layer's own, in the archive's order
/// @param whiteouts names that are said to be gone
public record Pending(Set<String> implied, List<Link> links, List<String> whiteouts) {
  /// A hard link to a file of a lower layer.
  public record Link(String path, String target) {}

  public Pending {
    implied = Set.copyOf(implied);
    links = List.copyOf(links);
    whiteouts = List.copyOf(whiteouts);
  }
}
