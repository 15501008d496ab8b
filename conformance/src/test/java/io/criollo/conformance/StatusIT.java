// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.cri.v1.CgroupDriver;
import io.criollo.cri.v1.RuntimeCondition;
import io.criollo.cri.v1.RuntimeConfigRequest;
import io.criollo.cri.v1.StatusRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatusIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static List<RuntimeCondition> conditions() {
    return criollo
        .client()
        .runtime()
        .status(StatusRequest.getDefaultInstance())
        .getStatus()
        .getConditionsList();
  }

  private static boolean networkReady() {
    return conditions().stream()
        .filter(condition -> condition.getType().equals("NetworkReady"))
        .allMatch(RuntimeCondition::getStatus);
  }

  @Test
  void theVersionIsWhole() {
    var version = criollo.client().version();

    assertThat(version.getRuntimeApiVersion()).isEqualTo("v1");
    assertThat(version.getRuntimeName()).isEqualTo("criollo");
    assertThat(version.getRuntimeVersion()).isNotEmpty();
    assertThat(version.getVersion()).isNotEmpty();
  }

  @Test
  void runtimeAndNetworkAreReady() {
    assertThat(conditions())
        .filteredOn(RuntimeCondition::getStatus)
        .extracting(RuntimeCondition::getType)
        .containsExactlyInAnyOrder("RuntimeReady", "NetworkReady");
  }

  @Test
  void theNetworkIsReadyOnlyWithAConfiguration() throws IOException, InterruptedException {
    Path folder = criollo.node().logs().resolveSibling("cni");
    Path config = folder.resolve("10-criollo.conflist");
    Path away = folder.resolveSibling("away");

    Files.move(config, away);
    Patience.await("the network is not ready", Duration.ofSeconds(10), () -> !networkReady());
    assertThat(conditions())
        .filteredOn(condition -> !condition.getStatus())
        .extracting(RuntimeCondition::getReason)
        .containsExactly("NetworkPluginNotReady");
    Files.move(away, config);
    Patience.await("the network is ready", Duration.ofSeconds(10), StatusIT::networkReady);
  }

  @Test
  void theCgroupDriverIsTold() {
    var config =
        criollo.client().runtime().runtimeConfig(RuntimeConfigRequest.getDefaultInstance());

    assertThat(config.getLinux().getCgroupDriver()).isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void theSocketIsForItsOwnerAndGroup() throws IOException {
    assertThat((Integer) Files.getAttribute(criollo.node().socket(), "unix:mode") & 0777)
        .isEqualTo(0660);
  }
}
