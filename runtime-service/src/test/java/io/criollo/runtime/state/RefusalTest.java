// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RefusalTest {
  @Test
  void namesFieldValueAndRule() {
    assertThat(
            new Refusal.InvalidArgument(
                "config.metadata.name", "a\nb", "must not contain control characters"))
        .hasMessage("config.metadata.name \"a\\u000ab\": must not contain control characters");
  }

  @Test
  void shortensLongValues() {
    assertThat(new Refusal.NotFound("pod", "x".repeat(10_000)).getMessage())
        .hasSizeLessThan(300)
        .contains("…");
  }

  @Test
  void idsAreChecked() {
    assertThat(new PodId("a".repeat(64)).toString()).hasSize(64);
    assertThat(ContainerId.random()).isNotEqualTo(ContainerId.random());
    for (var bad : new String[] {"", "a", "A".repeat(64), "../" + "a".repeat(61), "a".repeat(65)}) {
      assertThatThrownBy(() -> new PodId(bad)).isInstanceOf(Refusal.InvalidArgument.class);
    }
  }
}
