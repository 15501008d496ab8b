// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// How one place is spoken to, beyond what all have in common.
///
/// @param base the path under which its repositories are, `/v2` by the distribution spec
/// @param standsFor whom a mirror that asks for it is told that it stands in for
/// @param headers that every request brings
/// @param certificates for this place only
record Manner(
    String base,
    Optional<String> standsFor,
    Map<String, String> headers,
    Certificates certificates) {
  static final Manner USUAL = new Manner("/v2", Optional.empty(), Map.of(), Certificates.NONE);

  Manner {
    headers = Map.copyOf(headers);
  }

  /// {@return the path and query of something in a repository}
  String path(String repository, String rest) {
    var query =
        standsFor.map(registry -> "?ns=" + URLEncoder.encode(registry, StandardCharsets.UTF_8));
    return base + "/" + repository + rest + query.orElse("");
  }
}
