// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.CgroupDriver;
import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.ImageStatusRequest;
import io.criollo.cri.v1.NetworkConfig;
import io.criollo.cri.v1.PodSandboxStatusRequest;
import io.criollo.cri.v1.RuntimeCondition;
import io.criollo.cri.v1.RuntimeConfig;
import io.criollo.cri.v1.RuntimeConfigRequest;
import io.criollo.cri.v1.RuntimeFeatures;
import io.criollo.cri.v1.StatusRequest;
import io.criollo.cri.v1.UpdateRuntimeConfigRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatusIT {
  /// A CNI plugin that is not ready while there is a file beside it.
  private static final String TELLING =
      """
      #!/bin/sh
      case $CNI_COMMAND in
        VERSION) echo '{"cniVersion": "1.1.0", "supportedVersions": ["1.0.0", "1.1.0"]}' ;;
        STATUS) test ! -e "${0%/*}/down" || {
          echo '{"cniVersion": "1.1.0", "code": 50, "msg": "the link is down"}'
          exit 1
        } ;;
      esac
      """;

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
  void whatAKubeletAsksForBeforeItSendsItIsTold() {
    var status = criollo.client().runtime().status(StatusRequest.getDefaultInstance());
    boolean users =
        status.getRuntimeHandlersList().stream()
            .anyMatch(handler -> handler.getFeatures().getUserNamespaces());
    assertThat(status.getFeatures())
        .isEqualTo(
            RuntimeFeatures.newBuilder()
                .setSupplementalGroupsPolicy(true)
                .setUserNamespacesHostNetwork(users)
                .setMountOptions(true)
                .build());
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
  void theNetworkIsReadyOnlyWhileItsPluginSaysSo() throws Exception {
    Path network = criollo.node().networks().resolve("10-criollo.conflist");
    String before = Files.readString(network);
    Path folder = Files.createDirectory(criollo.node().logs().resolve("status-plugin"));
    Path plugin = Files.writeString(folder.resolve("telling"), TELLING);
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
    try {
      Files.writeString(
          network,
          """
          {"cniVersion": "1.1.0", "name": "telling", "plugins": [{"type": "telling"}]}
          """);
      criollo.restart("--cni-plugin-dir=" + folder);
      assertThat(networkReady()).isTrue();
      Path down = Files.createFile(folder.resolve("down"));
      assertThat(conditions())
          .filteredOn(condition -> !condition.getStatus())
          .singleElement()
          .satisfies(condition -> {
            assertThat(condition.getReason()).isEqualTo("NetworkPluginNotReady");
            assertThat(condition.getMessage()).contains("the link is down");
          });
      Files.delete(down);
      assertThat(networkReady()).isTrue();
    } finally {
      Files.writeString(network, before);
    }
  }

  @Test
  void theCgroupDriverIsTold() {
    var config =
        criollo.client().runtime().runtimeConfig(RuntimeConfigRequest.getDefaultInstance());

    assertThat(config.getLinux().getCgroupDriver()).isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void aVerboseStatusHoldsTheConfiguration() throws IOException {
    criollo
        .client()
        .runtime()
        .updateRuntimeConfig(
            UpdateRuntimeConfigRequest.newBuilder().setRuntimeConfig(cidr("10.88.0.0/16")).build());

    var info =
        criollo
            .client()
            .runtime()
            .status(StatusRequest.newBuilder().setVerbose(true).build())
            .getInfoOrThrow("config");

    var config = new ObjectMapper().readTree(info);
    assertThat(config.path("podCIDR").textValue()).isEqualTo("10.88.0.0/16");
    assertThat(Path.of(config.path("stateDir").textValue())).isDirectory();
    assertThat(config.path("crio.runtime.runtimes").path(CriolloNode.runtime()).isObject())
        .isTrue();
    Statuses.assertRefused(
        Status.Code.INVALID_ARGUMENT,
        () ->
            criollo
                .client()
                .runtime()
                .updateRuntimeConfig(
                    UpdateRuntimeConfigRequest.newBuilder().setRuntimeConfig(cidr("all")).build()),
        "pod_cidr");
  }

  private static RuntimeConfig cidr(String range) {
    return RuntimeConfig.newBuilder()
        .setNetworkConfig(NetworkConfig.newBuilder().setPodCidr(range))
        .build();
  }

  @Test
  void verboseStatusesHoldWhatWasAskedFor() throws IOException {
    Pod pod = criollo.pod("verbose");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    var runtime = criollo.client().runtime();
    var mapper = new ObjectMapper();

    var ofPod =
        mapper.readTree(
            runtime
                .podSandboxStatus(
                    PodSandboxStatusRequest.newBuilder()
                        .setPodSandboxId(pod.id())
                        .setVerbose(true)
                        .build())
                .getInfoOrThrow("info"));
    assertThat(ofPod.at("/config/metadata/name").textValue()).isEqualTo("verbose");
    assertThat(ofPod.at("/config/labels/io.kubernetes.pod.name").textValue()).isEqualTo("verbose");
    var ofContainer =
        mapper.readTree(
            runtime
                .containerStatus(
                    ContainerStatusRequest.newBuilder().setContainerId(id).setVerbose(true).build())
                .getInfoOrThrow("info"));
    assertThat(ofContainer.path("pid").longValue()).isPositive();
    assertThat(ofContainer.path("sandboxID").textValue()).isEqualTo(pod.id());
    assertThat(ofContainer.path("privileged").booleanValue()).isFalse();
    assertThat(ofContainer.at("/config/command/0").textValue()).isEqualTo("sleep");
    assertThat(ofContainer.at("/runtimeSpec/process/args/1").textValue()).isEqualTo("1000");
    var ofImage =
        mapper.readTree(
            criollo
                .client()
                .images()
                .imageStatus(
                    ImageStatusRequest.newBuilder()
                        .setImage(CriClient.spec(TestImages.BUSYBOX))
                        .setVerbose(true)
                        .build())
                .getInfoOrThrow("info"));
    assertThat(ofImage.at("/imageSpec/os").textValue()).isEqualTo("linux");
  }

  @Test
  void theSocketIsForItsOwnerAndGroup() throws IOException {
    assertThat((Integer) Files.getAttribute(criollo.node().socket(), "unix:mode") & 0777)
        .isEqualTo(0660);
  }
}
