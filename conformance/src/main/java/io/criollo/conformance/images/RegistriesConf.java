// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.util.List;

/// The registries.conf (containers-registries.conf(5)) that sends every registry of the test images
/// to one on loopback.
public final class RegistriesConf {
  private static final List<String> REGISTRIES =
      List.of("registry.k8s.io", "k8s.gcr.io", "gcr.io", "docker.io");

  private RegistriesConf() {}

  /// Writes it.
  ///
  /// @param address of the registry on loopback, as `host:port`
  public static String text(String address) {
    var text =
        new StringBuilder(
            """
            unqualified-search-registries = ["docker.io"]

            [[registry]]
            location = "%s"
            insecure = true
            """
                .formatted(address));
    for (String registry : REGISTRIES) {
      text.append(
          """

          [[registry]]
          prefix = "%1$s"
          location = "%1$s"
          [[registry.mirror]]
          location = "%2$s/%1$s"
          insecure = true
          """
              .formatted(registry, address));
    }
    return text.toString();
  }
}
