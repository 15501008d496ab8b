// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cni.CniException;
import io.criollo.cni.CniNetworks;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PortMapping;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused before anything of a pod is made, and what becomes of a pod that cannot be
/// attached.
class PodNetworkTest {
  @TempDir Path dir;
  private CniNetworks networks;
  private NetworkUpkeep upkeep;

  @BeforeEach
  void aChainWithoutAPortMapper() throws IOException {
    networks = FakeNetworks.in(dir, "#!/bin/sh\n");
    upkeep = new NetworkUpkeep(networks, _ -> {});
  }

  @AfterEach
  void close() {
    upkeep.close();
  }

  private void require(boolean mapsPorts, PodSandboxConfig.Builder config) throws Exception {
    network(mapsPorts).requirePossible(config.build());
  }

  private PodNetwork network(boolean mapsPorts) {
    var settings = new PodNetwork.Settings(mapsPorts, List::of);
    return new PodNetwork(new Layout(dir, dir, dir), networks, upkeep, settings);
  }

  @Test
  void whatCannotBeAttachedNorUndoneIsDetachedInTheBackground() throws IOException {
    FakeNetworks.plugin(dir, "fake", "#!/bin/sh\necho $CNI_COMMAND >>" + dir + "/calls; exit 1");
    var id = PodId.random();
    var config = PodSandboxConfig.getDefaultInstance();
    assertThatThrownBy(() -> network(true).attach(id, config)).isInstanceOf(CniException.class);
    assertThat(upkeep.waits(id.hex())).isTrue();
    assertThat(Files.readAllLines(dir.resolve("calls"))).containsExactly("ADD", "DEL");
  }

  @Test
  void whatWasUndoneIsNotDetachedAgain() throws IOException {
    FakeNetworks.plugin(
        dir, "fake", "#!/bin/sh\necho $CNI_COMMAND >>" + dir + "/calls; test $CNI_COMMAND = DEL");
    var id = PodId.random();
    var config = PodSandboxConfig.getDefaultInstance();
    assertThatThrownBy(() -> network(true).attach(id, config)).isInstanceOf(CniException.class);
    assertThat(upkeep.waits(id.hex())).isFalse();
    assertThat(Files.readAllLines(dir.resolve("calls"))).containsExactly("ADD", "DEL");
  }

  private static PodSandboxConfig.Builder withPort() {
    return PodSandboxConfig.newBuilder()
        .addPortMappings(PortMapping.newBuilder().setHostPort(80).setContainerPort(80));
  }

  @Test
  void aBandwidthThatIsNoneIsRefusedUnlessTheNetworkIsTheNodes() {
    var config =
        PodSandboxConfig.newBuilder().putAnnotations("kubernetes.io/egress-bandwidth", "much");
    assertThatThrownBy(() -> require(true, config))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("kubernetes.io/egress-bandwidth", "much");
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    assertThatCode(() -> require(true, config)).doesNotThrowAnyException();
  }

  @Test
  void portsOfTheNodeThatNobodyMapsAreRefused() {
    assertThatThrownBy(() -> require(true, withPort()))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining("network n", "portmap");
    assertThatCode(() -> require(true, PodSandboxConfig.newBuilder())).doesNotThrowAnyException();
  }

  @Test
  void theyMayBeLeftToOthersOrToPortmap() throws IOException {
    assertThatCode(() -> require(false, withPort())).doesNotThrowAnyException();
    FakeNetworks.plugin(dir, "portmap", "#!/bin/sh\n");
    assertThatCode(() -> require(true, withPort())).doesNotThrowAnyException();
  }

  @Test
  void withoutANetworkOnlyPodsInTheNodesOneCome() throws IOException {
    Files.delete(dir.resolve("net.d/1.conflist"));
    assertThatThrownBy(() -> require(true, PodSandboxConfig.newBuilder()))
        .isInstanceOf(Refusal.Unavailable.class)
        .hasMessageContaining("NetworkPluginNotReady");
    var inTheNodes = withPort();
    inTheNodes
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    assertThatCode(() -> require(true, inTheNodes)).doesNotThrowAnyException();
  }
}
