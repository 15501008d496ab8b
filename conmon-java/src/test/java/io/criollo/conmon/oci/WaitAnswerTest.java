// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitAnswerTest {
  @Test
  void theExitStatusIsFoundBesideOtherFields() {
    assertThat(WaitAnswer.exitCode(bytes("{\"id\":\"c1\",\"exitStatus\":137}\n"))).hasValue(137);
    assertThat(WaitAnswer.exitCode(bytes("{\"new\":{\"exitStatus\":1},\"exitStatus\":0}")))
        .hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"id\":\"c1\"}",
        "{\"exitStatus\":\"7\"}",
        "{\"exitStatus\":99999999999}",
        "{\"exitStat",
        "loading container: does not exist"
      })
  void whatTellsNoneHasNone(String printed) {
    assertThat(WaitAnswer.exitCode(bytes(printed))).isEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
