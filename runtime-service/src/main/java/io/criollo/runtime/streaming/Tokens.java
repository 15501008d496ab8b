// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.state.Refusal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Calls that wait for their client, each under a secret of eight characters that works once and
/// for one minute. Thread-safe.
final class Tokens {
  static final int LIMIT = 1_000;
  static final Duration LIFE = Duration.ofMinutes(1);

  private static final int RANDOM_BYTES = 6;
  private static final SecureRandom RANDOM = new SecureRandom();

  private record Pending(StreamingCall call, long issuedNanos) {}

  private final LongSupplier nanoClock;
  private final Map<String, Pending> pending = new LinkedHashMap<>();

  Tokens(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /// @throws Refusal.ResourceExhausted when too many calls wait
  synchronized String issue(StreamingCall call) {
    dropExpired();
    if (pending.size() >= LIMIT) {
      throw new Refusal.ResourceExhausted(
          LIMIT + " streaming requests wait for their clients; try again within a minute");
    }
    String token;
    do {
      token = random();
    } while (pending.containsKey(token));
    pending.put(token, new Pending(call, nanoClock.getAsLong()));
    return token;
  }

  /// {@return the call, once; empty when the token is unknown, used, too old or of another path}
  synchronized Optional<StreamingCall> redeem(String path, String token) {
    dropExpired();
    return Optional.ofNullable(pending.remove(token))
        .map(Pending::call)
        .filter(call -> call.path().equals(path));
  }

  private void dropExpired() {
    long now = nanoClock.getAsLong();
    pending.values().removeIf(p -> now - p.issuedNanos >= LIFE.toNanos());
  }

  private static String random() {
    var bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
