// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.Signal;
import io.criollo.linux.Signals;
import io.criollo.runtime.state.Refusal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StopSignalTest {
  @Test
  void podBeforeImageBeforeTerm() {
    assertThat(StopSignal.choose(Signal.SIGNAL_SIGUSR1, Optional.of("SIGINT")))
        .isEqualTo("SIGUSR1");
    assertThat(StopSignal.choose(Signal.SIGNAL_RUNTIME_DEFAULT, Optional.of("SIGINT")))
        .isEqualTo("SIGINT");
    assertThat(StopSignal.choose(Signal.SIGNAL_RUNTIME_DEFAULT, Optional.of("3")))
        .isEqualTo("SIGQUIT");
    assertThat(StopSignal.choose(Signal.SIGNAL_RUNTIME_DEFAULT, Optional.empty()))
        .isEqualTo("SIGTERM");
  }

  @Test
  void nonsenseInAnImageDoesNotCount() {
    for (var nonsense : new String[] {"", "SIGFOO", "-1", "99999999999", "9; rm"}) {
      assertThat(StopSignal.choose(Signal.SIGNAL_RUNTIME_DEFAULT, Optional.of(nonsense)))
          .isEqualTo("SIGTERM");
    }
  }

  @Test
  void unknownNumberInTheRequestIsRefused() {
    assertThatThrownBy(() -> StopSignal.choose(Signal.UNRECOGNIZED, Optional.empty()))
        .isInstanceOf(Refusal.InvalidArgument.class);
  }

  @Test
  void everySignalOfTheCriHasANumberAndComesBack() {
    for (var signal : Signal.values()) {
      if (signal != Signal.UNRECOGNIZED && signal != Signal.SIGNAL_RUNTIME_DEFAULT) {
        var name = StopSignal.choose(signal, Optional.empty());
        assertThat(Signals.number(name)).as(name).isPresent();
        assertThat(StopSignal.message(name)).isEqualTo(signal);
      }
    }
  }
}
