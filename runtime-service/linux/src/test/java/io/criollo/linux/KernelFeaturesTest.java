// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelFeaturesTest {
  @Test
  void releasesCompareByNumber() {
    assertThat(new KernelFeatures("6.15.0-rc1+").atLeast(6, 15)).isTrue();
    assertThat(new KernelFeatures("6.9.1").atLeast(6, 15)).isFalse();
    assertThat(new KernelFeatures("10.0").atLeast(6, 15)).isTrue();
    assertThat(new KernelFeatures("5.10.0-8-amd64").overlayInUserNs()).isFalse();
    for (var odd : new String[] {"", "x", "99999999999.1", "6", "-", "6.x"}) {
      assertThat(new KernelFeatures(odd).atLeast(6, 1)).as(odd).isFalse();
    }
  }

  @Test
  void theRunningKernelAnswers() {
    assertThat(KernelFeatures.running().atLeast(4, 0)).isTrue();
  }
}
