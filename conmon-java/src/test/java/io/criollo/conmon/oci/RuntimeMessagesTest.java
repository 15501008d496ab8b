// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RuntimeMessagesTest {
  private static Optional<String> error(String output) {
    return RuntimeMessages.error(output.getBytes(UTF_8));
  }

  @Test
  void theLastErrorOfJsonLinesCounts() {
    assertThat(
            error(
                """
                {"msg":"first","level":"error","time":"2026-11-21T00:00:00Z"}
                {"msg":"executable file `x` not found in $PATH","level":"error"}
                {"msg":"just so","level":"warning"}
                """))
        .contains("executable file `x` not found in $PATH");
  }

  @Test
  void logrusTextIsUnquoted() {
    assertThat(error("time=\"t\" level=error msg=\"exec: \\\"x\\\": not found\"\nexec: gone"))
        .contains("exec: \"x\": not found");
  }

  @Test
  void otherTextIsShownAsItIsButCutAndCleaned() {
    assertThat(error("Segmentation\u0007 fault\n")).contains("Segmentation  fault");
    assertThat(error("x".repeat(100_000)).orElseThrow()).hasSize(4096);
    assertThat(error(" \n\n")).isEmpty();
  }

  @Test
  void hostileOutputNeverThrows() {
    var random = new Random(3);
    String alphabet = "{}[]\",:\\\nlevelmsg=error \u0000";
    for (int round = 0; round < 5000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(80); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      error("{" + text);
      error("level=error msg=" + text);
      assertThat(error("x" + text)).isPresent();
    }
  }
}
