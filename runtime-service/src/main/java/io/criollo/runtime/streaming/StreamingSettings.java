// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/// Where the streaming server listens (port 0: the kernel chooses) and how patient it is: `idle` is
/// how long a connection may carry nothing, `creation` how long a client may take to ask and to
/// open its streams. Without `tls` nothing is encrypted.
public record StreamingSettings(
    InetSocketAddress address, Duration idle, Duration creation, Optional<TlsSettings> tls) {
  static final Duration IDLE = Duration.ofHours(4);
  static final Duration CREATION = Duration.ofSeconds(30);

  public StreamingSettings {
    if (idle.isNegative() || idle.isZero() || creation.isNegative() || creation.isZero()) {
      throw new IllegalArgumentException("streaming timeouts must be above zero");
    }
  }

  /// {@return the CRI's usual times at this address}
  public static StreamingSettings at(InetSocketAddress address) {
    return new StreamingSettings(address, IDLE, CREATION, Optional.empty());
  }
}
