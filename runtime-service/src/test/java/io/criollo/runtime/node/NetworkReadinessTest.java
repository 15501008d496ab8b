// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkReadinessTest {
  private Optional<String> reason = Optional.empty();
  private long now;

  private NetworkReadiness readiness(Duration grace) {
    return new NetworkReadiness(() -> reason, grace, () -> now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void aNetworkThatWasReadyMayFailForAWhile() throws InterruptedException {
    var readiness = readiness(Duration.ofMinutes(1));
    assertThat(readiness.notReady()).isEmpty();

    reason = Optional.of("no daemon");
    assertThat(readiness.notReady()).isEmpty();
    pass(Duration.ofSeconds(59));
    assertThat(readiness.notReady()).isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(readiness.notReady()).hasValue("no daemon");
    pass(Duration.ofSeconds(1));
    assertThat(readiness.notReady()).hasValue("no daemon");
  }

  @Test
  void eachFailureHasAWhileOfItsOwn() throws InterruptedException {
    var readiness = readiness(Duration.ofMinutes(1));
    for (int i = 0; i < 3; i++) {
      reason = Optional.empty();
      assertThat(readiness.notReady()).isEmpty();
      reason = Optional.of("no daemon");
      assertThat(readiness.notReady()).isEmpty();
      pass(Duration.ofSeconds(50));
      assertThat(readiness.notReady()).isEmpty();
    }
  }

  @Test
  void aNetworkThatWasNeverReadyIsToldAtOnce() throws InterruptedException {
    reason = Optional.of("no file");
    assertThat(readiness(Duration.ofMinutes(1)).notReady()).hasValue("no file");
  }

  @Test
  void withoutAGraceEveryFailureIsToldAtOnce() throws InterruptedException {
    var readiness = readiness(Duration.ZERO);
    assertThat(readiness.notReady()).isEmpty();
    reason = Optional.of("no daemon");
    assertThat(readiness.notReady()).hasValue("no daemon");
  }
}
