// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import io.criollo.runtime.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Where metrics are served, how, and which.
///
/// @param address port 0: the kernel chooses
/// @param socket a Unix socket beside it
/// @param tls without it nothing is encrypted
public record MetricsSettings(
    InetSocketAddress address,
    Optional<Path> socket,
    Optional<TlsSettings> tls,
    Set<Collector> shown) {
  public MetricsSettings {
    shown = Set.copyOf(shown);
  }
}
