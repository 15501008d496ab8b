// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({"0,0", "17,17", "500KiB,512000", "12 MiB,12582912", "1.5g,1610612736", "3kb,3072"})
  void everyUnitIsAPowerOf1024(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "-1", "1 2", "1x", "9999999999999p", "1.5.2k"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is " + text);
  }

  @Test
  void aTextReadsAsTheSameSize() {
    for (long bytes : new long[] {0, 1, 512_000, 12 << 20, (12 << 20) + 1, 1L << 40}) {
      assertThat(ByteSize.parse(ByteSize.text(bytes))).isEqualTo(bytes);
    }
    assertThat(ByteSize.text(512_000)).isEqualTo("500 KiB");
  }
}
