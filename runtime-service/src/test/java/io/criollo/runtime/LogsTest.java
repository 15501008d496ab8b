// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogsTest {
  @Test
  void aFilterLooksAtMessagesAsTheyAreWritten() {
    var entry = new LogRecord(Level.INFO, "{0} pods in {1} ms");
    entry.setParameters(new Object[] {3, 12});

    assertThat(Logs.matching("^3 pods").isLoggable(entry)).isTrue();
    assertThat(Logs.matching("containers").isLoggable(entry)).isFalse();
  }

  @Test
  void whatIsSaidIsOneLineOfAFewThousandCharacters() {
    assertThat(Logs.oneLine("as it is: ä")).isEqualTo("as it is: ä");
    assertThat(Logs.oneLine("a\nb\0c\u001b[1m")).isEqualTo("a\\nb?c?[1m");
    assertThat(Logs.oneLine("x".repeat(1 << 20))).hasSizeLessThan(8200).endsWith("[…]");
  }
}
