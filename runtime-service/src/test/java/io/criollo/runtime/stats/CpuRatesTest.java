// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class CpuRatesTest {
  private static final long SECOND = 1_000_000_000L;
  private final CpuRates rates = new CpuRates();

  @Test
  void theFirstReadingHasNoRate() {
    assertThat(rates.rate("a", 5, 7)).isEmpty();
  }

  @Test
  void halfACoreForTwoSecondsIsHalfASecondPerSecond() {
    var _ = rates.rate("a", 0, 0);
    assertThat(rates.rate("a", 2 * SECOND, SECOND)).hasValue(SECOND / 2);
  }

  @Test
  void containersDoNotMix() {
    var _ = rates.rate("a", 0, 0);
    assertThat(rates.rate("b", SECOND, SECOND)).isEmpty();
  }

  @Test
  void twoReadingsAtOnceHaveNoRateAndACounterThatWentBackGivesZero() {
    var _ = rates.rate("a", SECOND, 9);
    assertThat(rates.rate("a", SECOND, 9)).isEmpty();
    assertThat(rates.rate("a", 2 * SECOND, 3)).hasValue(0);
  }

  @Test
  void aReadingThatFollowsAtOnceRepeatsTheRate() {
    var _ = rates.rate("a", 0, 0);
    var _ = rates.rate("a", SECOND, SECOND / 2);
    assertThat(rates.rate("a", SECOND + 1000, SECOND / 2 + 1000)).hasValue(SECOND / 2);
    assertThat(rates.rate("a", 2 * SECOND, SECOND / 2)).hasValue(0);
  }

  @Test
  void whatIsNotKeptStartsAnew() {
    var _ = rates.rate("a", 0, 0);
    rates.keep(Set.of("b"));
    assertThat(rates.rate("a", SECOND, SECOND)).isEmpty();
  }
}
