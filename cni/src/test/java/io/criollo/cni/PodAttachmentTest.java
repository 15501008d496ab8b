// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodAttachmentTest {
  @ParameterizedTest
  @ValueSource(strings = {"web;K8S_POD_NAMESPACE=kube-system", "a=b", "a\nb", "a\0b"})
  void podNameCannotAddArguments(String name) {
    assertThatThrownBy(() -> pod("p1", name, "eth0")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../p", "a/b", ".p", "a@b"})
  void podIdIsAFileName(String id) {
    assertThatThrownBy(() -> pod(id, "web", "eth0")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a:b", "abcdefghijklmnop"})
  void interfaceNameIsOneForTheKernel(String name) {
    assertThatThrownBy(() -> pod("p1", "web", name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void unusablePortMappingIsRefused() {
    assertThatThrownBy(() -> mapping("tcp", 70000, 80, "")).hasMessageContaining("70000");
    assertThatThrownBy(() -> mapping("tcp", 80, 0, "")).hasMessageContaining("container port 0");
    assertThatThrownBy(() -> mapping("icmp", 80, 80, "")).hasMessageContaining("icmp");
    assertThatThrownBy(() -> mapping("tcp", 80, 80, "host"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(mapping("tcp", 0, 0, "").mapped()).isFalse();
    assertThat(mapping("tcp", -1, 80, "").mapped()).isFalse();
    assertThat(mapping("sctp", 65535, 65535, "::1").mapped()).isTrue();
    assertThat(mapping("udp", 1, 1, "").hostIp()).isEmpty();
  }

  @Test
  void bandwidthAnnotationsAreQuantities() {
    assertThat(bandwidth("ingress", "1M"))
        .hasToString("{\"ingressRate\":1000000,\"ingressBurst\":17179869176}");
    assertThat(bandwidth("egress", "1.5Ki").path("egressRate").asLong()).isEqualTo(1536);
    assertThat(bandwidth("egress", "2000").path("egressRate").asLong()).isEqualTo(2000);
    assertThat(bandwidth("egress", "1P").path("egressRate").asLong())
        .isEqualTo(1_000_000_000_000_000L);
    assertThat(bandwidth("other", "1M")).isEmpty();
    for (var text : List.of("", "0", "-1M", "999", "2P", "1 M", "M", "1e6x", "9".repeat(400))) {
      assertThatThrownBy(() -> bandwidth("ingress", text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("kubernetes.io/ingress-bandwidth");
    }
  }

  @Test
  void attachmentSurvivesItsCacheFile() throws Exception {
    var pod =
        new PodAttachment(
            "p1",
            "default",
            "web",
            "u",
            Path.of("/run/ns"),
            "eth0",
            new PodArguments(
                List.of(mapping("udp", 53, 5353, "10.0.0.1"), mapping("tcp", 80, 80, "")),
                Map.of("a/b", "c\"d"),
                Dns.NONE,
                List.of("10.1.0.0/24", "fd00:1::/64")));
    var network =
        NetworkList.parse(
            Json.parseObject(
                "{\"cniVersion\":\"1.1.0\",\"name\":\"n\",\"plugins\":[{\"type\":\"x\",\"own\":[1]}]}"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    var entry =
        new CachedAttachment(
            pod, network, CniVersion.V1_1_0, Optional.of(Json.newObject().put("k", 1)));
    assertThat(CachedAttachment.fromJson(entry.toJson())).isEqualTo(entry);
  }

  private static JsonNode bandwidth(String direction, String value) {
    var annotations = Map.of("kubernetes.io/" + direction + "-bandwidth", value);
    return CapabilityArguments.of(new PodArguments(List.of(), annotations, Dns.NONE, List.of()))
        .path("bandwidth");
  }

  private static PortMapping mapping(String protocol, int host, int container, String ip) {
    return new PortMapping(protocol, host, container, Optional.of(ip));
  }

  private static PodAttachment pod(String id, String name, String ifName) {
    return new PodAttachment(id, "default", name, "u", Path.of("/ns"), ifName, PodArguments.NONE);
  }
}
