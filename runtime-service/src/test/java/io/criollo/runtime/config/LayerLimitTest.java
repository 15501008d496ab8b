// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LayerLimitTest {
  @Test
  void sizesAndCountsAreThoseOfContainersStorage() {
    for (var name : List.of("overlay.size", "overlay2.size", ".size", "size", "OVERLAY.SIZE")) {
      assertThat(LayerLimit.of(List.of(name + "=10G"))).isEqualTo(new LayerLimit(10L << 30, 0));
    }
    assertThat(LayerLimit.of(List.of("overlay.size=1m", "overlay.inodes=7", "size=2m")))
        .isEqualTo(new LayerLimit(2 << 20, 7));
  }

  @Test
  void optionsAboutSomethingElseArePassedOver() {
    assertThat(LayerLimit.parse("overlay.mountopt=nodev")).isEmpty();
    assertThat(LayerLimit.of(List.of())).isEqualTo(new LayerLimit(0, 0));
  }

  @Test
  void whatIsNoLimitIsRefused() {
    for (var wrong : List.of("overlay.size", "overlay.size=", "size=-1", "size=10Q", "a b=1")) {
      assertThatThrownBy(() -> LayerLimit.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> LayerLimit.parse("overlay.inodes=1k"))
        .hasMessage("overlay.inodes must be a number, is 1k");
  }
}
