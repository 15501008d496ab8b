// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.net.http.HttpClient;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Connections to places with the same certificates. Over HTTP/2 a host has only one, and requests
/// would go on using it after the network has forgotten it; so one that fell silent is left.
/// Thread-safe; closed by the transport.
final class Connections implements AutoCloseable {
  private final Supplier<HttpClient> fresh;
  private @Nullable HttpClient current;

  Connections(Supplier<HttpClient> fresh) {
    this.fresh = fresh;
  }

  /// {@return the client for the next request}
  synchronized HttpClient now() {
    var client = current;
    if (client == null) {
      client = fresh.get();
      current = client;
    }
    return client;
  }

  /// Lets later requests connect anew; those under way end where they are.
  synchronized void leave(HttpClient silent) {
    if (silent.equals(current)) {
      current = null;
      silent.shutdown();
    }
  }

  @Override
  public synchronized void close() {
    if (current != null) {
      current.shutdownNow();
    }
  }
}
