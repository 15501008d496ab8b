// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.criollo.cri.v1.AuthConfig;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.MountPropagation;
import io.criollo.cri.v1.PsiData;
import org.junit.jupiter.api.Test;

class MessageJsonTest {
  @Test
  void everyKindOfFieldIsWrittenUnderItsName() throws Exception {
    var config =
        ContainerConfig.newBuilder()
            .addCommand("sh")
            .putLabels("a.b/c", "d")
            .setTty(true)
            .addMounts(
                Mount.newBuilder()
                    .setHostPath("/x")
                    .setPropagation(MountPropagation.PROPAGATION_BIDIRECTIONAL));
    config.getMetadataBuilder().setName("n").setAttempt(3);
    config.getLinuxBuilder().getResourcesBuilder().setCpuShares(5_000_000_000L);
    var expected =
        """
        {"metadata": {"name": "n", "attempt": 3}, "command": ["sh"],
         "mounts": [{"host_path": "/x", "propagation": "PROPAGATION_BIDIRECTIONAL"}],
         "labels": {"a.b/c": "d"}, "tty": true,
         "linux": {"resources": {"cpu_shares": 5000000000}}}
        """;
    assertThat(MessageJson.of(config.build())).isEqualTo(new ObjectMapper().readTree(expected));
    assertThat(MessageJson.of(PsiData.newBuilder().setAvg10(1.5).build()).toString())
        .isEqualTo("{\"Avg10\":1.5}");
  }

  @Test
  void secretsAreLeftOut() {
    var auth =
        AuthConfig.newBuilder()
            .setUsername("me")
            .setPassword("hidden")
            .setAuth("hidden")
            .setIdentityToken("hidden")
            .setRegistryToken("hidden")
            .build();
    assertThat(MessageJson.of(auth).toString()).doesNotContain("hidden");
  }
}
