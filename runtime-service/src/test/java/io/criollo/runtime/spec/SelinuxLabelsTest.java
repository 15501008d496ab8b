// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.LinuxSandboxSecurityContext;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SelinuxLabelsTest {
  private static final PodId POD = new PodId("000004ff".repeat(8)); // 0x4ff is 255 + 1 * 1024
  private static final String LEVEL = "s0:c1,c255";
  private static final NodeFacts NODE = Inputs.node(Set.of(Feature.SELINUX));

  @Test
  void aContainerThatAsksForNothingIsConfinedWithItsPodsCategories() {
    var labels = labels(_ -> {}, _ -> {});
    assertThat(labels.process()).isEqualTo("system_u:system_r:container_t:" + LEVEL);
    assertThat(labels.files()).isEqualTo("system_u:object_r:container_file_t:" + LEVEL);
    assertThat(SelinuxLabels.ofPod(NODE, POD, pod(_ -> {}))).contains(labels.files());
  }

  @Test
  void whatIsGivenStandsAndTheRestIsFilledIn() {
    var labels = labels(_ -> {}, c -> c.getSelinuxOptionsBuilder().setType("web_t"));
    assertThat(labels.process()).isEqualTo("system_u:system_r:web_t:" + LEVEL);
    var level = labels(_ -> {}, c -> c.getSelinuxOptionsBuilder().setLevel("s0"));
    assertThat(level.process()).isEqualTo("system_u:system_r:container_t:s0");
    assertThat(level.files()).isEqualTo("system_u:object_r:container_file_t:s0");
  }

  @Test
  void optionsOfThePodHoldForItsContainersUnlessTheyHaveTheirOwn() {
    Consumer<LinuxSandboxSecurityContext.Builder> pod =
        p -> p.getSelinuxOptionsBuilder().setType("pod_t").setLevel("s0:c7,c8");
    var labels = labels(pod, c -> c.getSelinuxOptionsBuilder().setType("own_t"));
    assertThat(labels.process()).isEqualTo("system_u:system_r:own_t:s0:c7,c8");
    assertThat(labels.files()).endsWith(":container_file_t:s0:c7,c8");
    assertThat(SelinuxLabels.ofPod(NODE, POD, pod(pod))).contains(labels.files());
  }

  @Test
  void whoSharesWithTheNodeIsNotConfined() {
    assertUnconfined(labels(_ -> {}, c -> c.setPrivileged(true)));
    assertUnconfined(
        labels(_ -> {}, c -> c.getNamespaceOptionsBuilder().setPid(NamespaceMode.NODE)));
    assertUnconfined(
        labels(p -> p.getNamespaceOptionsBuilder().setNetwork(NamespaceMode.NODE), _ -> {}));
    assertUnconfined(
        labels(p -> p.getNamespaceOptionsBuilder().setIpc(NamespaceMode.NODE), _ -> {}));
  }

  private static void assertUnconfined(SelinuxLabels labels) {
    assertThat(labels.process()).isEqualTo("system_u:system_r:spc_t:s0");
    assertThat(labels.files()).endsWith(":container_file_t:" + LEVEL);
    assertThat(labels.isConfined()).isFalse();
  }

  @Test
  void aNodeWithoutSelinuxHasNoLabels() {
    var node = Inputs.node(Set.of());
    var container = ContainerConfig.getDefaultInstance();
    assertThat(SelinuxLabels.of(node, POD, pod(_ -> {}), container)).isEmpty();
    assertThat(SelinuxLabels.ofPod(node, POD, pod(_ -> {}))).isEmpty();
  }

  @Test
  void everyIdGivesTwoDifferentCategoriesInOrder() {
    for (int i = 0; i < 5_000; i++) {
      var level = SelinuxLabels.level(PodId.random());
      assertThat(level).matches("s0:c[0-9]{1,4},c[0-9]{1,4}");
      var categories = level.substring("s0:c".length()).split(",c", -1);
      assertThat(Integer.parseInt(categories[0])).isLessThan(Integer.parseInt(categories[1]));
      assertThat(Integer.parseInt(categories[1])).isLessThan(1024);
    }
    assertThat(SelinuxLabels.level(new PodId("f".repeat(64)))).matches("s0:c[0-9]+,c1023");
  }

  @Test
  void foldersOfTheNodeAreNeverRelabelled() {
    var input = Inputs.withLabels(labels(_ -> {}, _ -> {}));
    var config = input.container().toBuilder();
    config.addMountsBuilder().setHostPath("/usr/").setContainerPath("/mnt").setSelinuxRelabel(true);
    var asking =
        new SpecInput(
            input.pod(), config.build(), input.image(), input.paths(), input.node(), input.user());
    assertThatThrownBy(() -> SpecBuilder.build(asking))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("selinux_relabel")
        .hasMessageContaining("/usr");
  }

  private static SelinuxLabels labels(
      Consumer<LinuxSandboxSecurityContext.Builder> pod,
      Consumer<LinuxContainerSecurityContext.Builder> change) {
    var container = ContainerConfig.newBuilder();
    change.accept(container.getLinuxBuilder().getSecurityContextBuilder());
    return SelinuxLabels.of(NODE, POD, pod(pod), container.build()).orElseThrow();
  }

  private static PodSandboxConfig pod(Consumer<LinuxSandboxSecurityContext.Builder> change) {
    var pod = PodSandboxConfig.newBuilder();
    change.accept(pod.getLinuxBuilder().getSecurityContextBuilder());
    return pod.build();
  }
}
