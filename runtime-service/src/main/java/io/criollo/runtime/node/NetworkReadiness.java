// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Whether pods get a network. A network that was ready may fail for a while, such as while its
/// plugins are replaced, before the node counts as not ready. Thread-safe.
public final class NetworkReadiness {
  private static final System.Logger LOG = System.getLogger(NetworkReadiness.class.getName());

  /// Asks the network.
  @FunctionalInterface
  public interface Source {
    /// {@return why it is not ready}; empty while it is
    Optional<String> notReady() throws InterruptedException;
  }

  private final Source source;
  private final Duration grace;
  private final LongSupplier nanoTime;
  private boolean ready;
  private long failingSince;
  private boolean failing;

  public NetworkReadiness(Source source, Duration grace) {
    this(source, grace, System::nanoTime);
  }

  NetworkReadiness(Source source, Duration grace, LongSupplier nanoTime) {
    this.source = source;
    this.grace = grace;
    this.nanoTime = nanoTime;
  }

  /// {@return why the node is to be told not ready}
  Optional<String> notReady() throws InterruptedException {
    return told(source.notReady());
  }

  private synchronized Optional<String> told(Optional<String> reason) {
    if (reason.isEmpty()) {
      ready = true;
      failing = false;
      return reason;
    }
    if (!failing) {
      failing = true;
      failingSince = nanoTime.getAsLong();
      if (ready && grace.isPositive()) {
        LOG.log(Level.WARNING, "network is not ready, told after {0}: {1}", grace, reason.get());
      }
    }
    if (ready && nanoTime.getAsLong() - failingSince < grace.toNanos()) {
      return Optional.empty();
    }
    ready = false;
    return reason;
  }
}
