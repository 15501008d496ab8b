// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.time.Duration;

/// How long a registry may take: to accept a connection with TLS, to show that an insecure one
/// speaks TLS at all, to answer a request, and between two pieces of a body; and how long it is
/// left alone after its first failure.
public record Timeouts(
    Duration connect, Duration probe, Duration answer, Duration stall, Duration retry) {
  public static final Timeouts USUAL =
      new Timeouts(
          Duration.ofSeconds(15),
          Duration.ofSeconds(3),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMillis(100));

  /// {@return the same with another limit between two pieces of a body}
  public Timeouts withStall(Duration other) {
    return new Timeouts(connect, probe, answer, other, retry);
  }
}
