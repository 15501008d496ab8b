// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "128Mi, 134217728",
    "1.5Gi, 1610612736",
    ".5Ki, 512",
    "64M, 64000000",
    "1k, 1000",
    "1E, 1000000000000000000",
    "1E3, 1000",
    "25e-1, 3",
    "100m, 1",
    "1n, 1",
    "-1500m, -1",
    "+7., 7",
    "9223372036854775807, 9223372036854775807"
  })
  void amountsAreReadAsKubernetesWritesThem(String text, long amount) {
    assertThat(Quantity.parse(text)).isEqualTo(amount);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", ".", "Mi", "1 Mi", "1mi", "1K", "0x10", "1e", "8Ei", "1e999", "١"})
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anyTextIsReadOrRefused() {
    var random = new Random(3);
    var letters = "0123456789.+-eEinumkKMGTPE ";
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        assertThat(Quantity.parse(text.toString())).isGreaterThanOrEqualTo(-Long.MAX_VALUE);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("must be an amount");
      }
    }
  }
}
