// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void successIsOnlyThat() {
    assertThat(json(Outcome.exited(0))).isEqualTo("{\"status\":\"Success\"}");
    assertThat(Outcome.exited(0).text()).isEmpty();
  }

  @Test
  void anExitCodeIsACause() {
    assertThat(json(Outcome.exited(137)))
        .isEqualTo(
            """
            {"status":"Failure",\
            "message":"command terminated with non-zero exit code: exit status 137",\
            "reason":"NonZeroExitCode",\
            "details":{"causes":[{"reason":"ExitCode","message":"137"}]}}\
            """);
  }

  @Test
  void aFailureIsAnInternalError() {
    assertThat(json(Outcome.failed("no \"such\" thing\n")))
        .isEqualTo(
            """
            {"status":"Failure","message":"Internal error occurred: no \\"such\\" thing\\n",\
            "reason":"InternalError","code":500}\
            """);
  }

  private static String json(Outcome outcome) {
    return new String(outcome.json(), StandardCharsets.UTF_8);
  }
}
