// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.state.Refusal;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;

class StatusMapperTest {
  @Test
  void aLongTextIsCutSoThatClientsTakeIt() {
    var status = StatusMapper.of(new Refusal.FailedPrecondition("ä".repeat(1 << 20)));

    assertThat(status.getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(status.getDescription()).startsWith("ää").hasSizeLessThan(1100).endsWith(" bytes]");
  }
}
