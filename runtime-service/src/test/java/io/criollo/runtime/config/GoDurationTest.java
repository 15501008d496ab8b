// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoDurationTest {
  @Test
  void hoursMinutesAndSecondsAddUp() {
    assertThat(GoDuration.parse("4h0m0s")).contains(Duration.ofHours(4));
    assertThat(GoDuration.parse("1h30m")).contains(Duration.ofMinutes(90));
    assertThat(GoDuration.parse("90s")).contains(Duration.ofSeconds(90));
    assertThat(GoDuration.parse("0s")).contains(Duration.ZERO);
  }

  @Test
  void whatIsNoTimeIsNone() {
    for (var text : List.of("", "4", "h", "4 h", "-4h", "1m1h", "9999999h", "4h\n", "4hours")) {
      assertThat(GoDuration.parse(text)).as(text).isEmpty();
    }
  }
}
