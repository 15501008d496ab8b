// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShmSizeTest {
  @Test
  void itIs64MiBUnlessThePodSaysOtherwise() {
    assertThat(PodFiles.shmBytes(Map.of())).isEqualTo(64 << 20);
    assertThat(PodFiles.shmBytes(Map.of("shm-size.crio.io", "16Mi"))).isEqualTo(16 << 20);
    assertThat(PodFiles.shmBytes(Map.of("io.kubernetes.cri-o.ShmSize", "1M"))).isEqualTo(1_000_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1Mi", "much", "64 Mi"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> PodFiles.shmBytes(Map.of("shm-size.crio.io", text)))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("config.annotations shm-size.crio.io");
  }
}
