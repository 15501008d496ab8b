// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PortMapping;
import io.criollo.cri.v1.Protocol;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.PodPlace;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.PodState;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.StateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortsTest {
  @TempDir Path dir;
  private Pods pods;
  private HostPorts ports;

  @BeforeEach
  void noPods() {
    pods = new Pods(StateStore.pods(new Layout(dir, dir.resolve("run"), dir)));
    ports = new HostPorts(pods);
  }

  private static PodSandboxConfig config(String name, int port, Protocol protocol, String ip) {
    var config = PodSandboxConfig.newBuilder();
    config.getMetadataBuilder().setName(name).setNamespace("default").setUid("u");
    var mapping = PortMapping.newBuilder().setHostPort(port).setProtocol(protocol).setHostIp(ip);
    return config.addPortMappings(mapping.setContainerPort(80)).build();
  }

  private static PodSandboxConfig web(String name) {
    return config(name, 8080, Protocol.TCP, "");
  }

  private Pod known(PodSandboxConfig config) throws IOException {
    var place = new PodPlace("web", List.of(), "", "");
    return pods.add(
        new PodRecord(PodId.random(), config, "", Instant.EPOCH, place, new PodState.Ready()));
  }

  private void requireFree(PodSandboxConfig config) {
    try (var _ = ports.claim(config)) {
      assertThat(HostPorts.of(config)).hasSize(1);
    }
  }

  @Test
  void aPortOfAReadyPodIsTakenAndThePodIsNamed() throws Exception {
    var first = known(web("first"));

    assertThatThrownBy(() -> ports.claim(web("second")))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining("8080/TCP", first.hex(), "default/first/u/0");
    pods.restore(); // as the next daemon does
    assertThatThrownBy(() -> new HostPorts(pods).claim(web("second")))
        .hasMessageContaining(first.hex());
  }

  @Test
  void aPortOfAPodThatStopsIsFree() throws Exception {
    known(web("first")).become(new PodState.Stopping());
    requireFree(web("second"));
  }

  @Test
  void aPodThatIsBeingMadeHoldsItsPortsUntilItIsKnownOrNotMade() {
    try (var _ = ports.claim(web("first"))) {
      assertThatThrownBy(() -> ports.claim(web("second")))
          .hasMessageContaining("being made (default/first/u/0)");
    }
    requireFree(web("second"));
  }

  @Test
  void podsInTheNodesNetworkAndUnmappedPortsHoldNothing() throws Exception {
    var node = web("node").toBuilder();
    node.getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    known(node.build());
    known(config("none", 0, Protocol.TCP, ""));

    requireFree(web("second"));
    assertThat(HostPorts.of(node.build())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "8080, TCP, 10.0.0.1",
    "8080, TCP, 0.0.0.0",
    "8080, TCP, ::1",
  })
  void everyAddressIsAmongAll(int port, Protocol protocol, String ip) throws Exception {
    known(web("first"));
    assertThatThrownBy(() -> ports.claim(config("second", port, protocol, ip)))
        .isInstanceOf(Refusal.FailedPrecondition.class);
  }

  @ParameterizedTest
  @CsvSource({
    "8080, TCP, 10.0.0.1, true",
    "8080, TCP, 0.0.0.0, true",
    "8080, TCP, '', true",
    "8080, TCP, 10.0.0.2, false",
    "8080, TCP, ::, false",
    "8080, UDP, 10.0.0.1, false",
    "8081, TCP, 10.0.0.1, false",
  })
  void onlyTheSamePortProtocolAndAddressClash(int port, Protocol protocol, String ip, boolean clash)
      throws Exception {
    known(config("first", 8080, Protocol.TCP, "10.0.0.1"));
    var second = config("second", port, protocol, ip);
    if (clash) {
      assertThatThrownBy(() -> ports.claim(second)).isInstanceOf(Refusal.FailedPrecondition.class);
    } else {
      assertThatCode(() -> requireFree(second)).doesNotThrowAnyException();
    }
  }
}
