// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokensTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final Tokens tokens = new Tokens(clock::get);
  private final StreamingCall call = new StreamingCall.PortForward("pod", List.of());

  @Test
  void aTokenWorksOnce() {
    var token = tokens.issue(call);
    assertThat(tokens.redeem("portforward", token)).contains(call);
    assertThat(tokens.redeem("portforward", token)).isEmpty();
  }

  @Test
  void aTokenHasEightCharactersThatNeedNoEscape() {
    var seen = new HashSet<String>();
    for (int i = 0; i < 500; i++) {
      var token = tokens.issue(call);
      assertThat(token).matches("[A-Za-z0-9_-]{8}");
      assertThat(seen.add(token)).isTrue();
    }
  }

  @Test
  void aTokenOfAnotherPathIsSpentInVain() {
    var token = tokens.issue(call);
    assertThat(tokens.redeem("exec", token)).isEmpty();
    assertThat(tokens.redeem("portforward", token)).isEmpty();
  }

  @Test
  void aTokenExpiresAfterAMinute() {
    var old = tokens.issue(call);
    advance(Duration.ofSeconds(59));
    var young = tokens.issue(call);
    advance(Duration.ofSeconds(1));
    assertThat(tokens.redeem("portforward", old)).isEmpty();
    assertThat(tokens.redeem("portforward", young)).contains(call);
  }

  @Test
  void moreThanAThousandPendingAreRefusedUntilTheyExpire() {
    for (int i = 0; i < Tokens.LIMIT; i++) {
      tokens.issue(call);
    }
    assertThatThrownBy(() -> tokens.issue(call)).isInstanceOf(Refusal.ResourceExhausted.class);
    advance(Tokens.LIFE);
    assertThat(tokens.issue(call)).isNotEmpty();
  }

  private void advance(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}
