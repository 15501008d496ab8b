// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.Capability;
import io.criollo.runtime.spec.OciProcess.Capabilities;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilityPartTest {
  private static final List<String> DEFAULTS =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_NET_BIND_SERVICE",
          "CAP_SETGID",
          "CAP_SETPCAP",
          "CAP_SETUID");

  @Test
  void rootHasTheDefaultsAndNothingIsInherited() {
    var set = of(_ -> {});
    assertThat(set).isEqualTo(new Capabilities(DEFAULTS, DEFAULTS, List.of(), DEFAULTS, List.of()));
  }

  @Test
  void otherUsersHaveNoneBeforeTheyExecuteAFile() {
    var user = new ContainerUserIds(1000, 1000, List.of(1000), "/");
    var set = CapabilityPart.of(Inputs.withUser(Inputs.plain(), user));
    assertThat(set)
        .isEqualTo(new Capabilities(DEFAULTS, List.of(), List.of(), List.of(), List.of()));
  }

  @Test
  void singleOnesAreAddedAndDroppedInAnySpelling() {
    var set = of(c -> c.addAddCapabilities("net_raw").addDropCapabilities("CAP_KILL"));
    assertThat(set.bounding()).contains("CAP_NET_RAW", "CAP_CHOWN").doesNotContain("CAP_KILL");
  }

  @Test
  void additionsHoldAfterDroppingAll() {
    var set = of(c -> c.addAddCapabilities("SYS_TIME").addDropCapabilities("ALL"));
    assertThat(set.bounding()).containsExactly("CAP_SYS_TIME");
  }

  @Test
  void dropsHoldAfterAddingAll() {
    var set = of(c -> c.addAddCapabilities("all").addDropCapabilities("SYS_ADMIN"));
    assertThat(set.bounding()).hasSize(40).doesNotContain("CAP_SYS_ADMIN");
  }

  @Test
  void ambientOnesAreKeptByEveryUser() {
    var user = new ContainerUserIds(1000, 1000, List.of(1000), "/");
    var input =
        Inputs.security(s -> s.getCapabilitiesBuilder().addAddAmbientCapabilities("NET_RAW"));
    var set = CapabilityPart.of(Inputs.withUser(input, user));
    var raw = List.of("CAP_NET_RAW");
    assertThat(set.ambient()).isEqualTo(raw);
    assertThat(set.inheritable()).isEqualTo(raw);
    assertThat(set.effective()).isEqualTo(raw);
    assertThat(set.permitted()).isEqualTo(raw);
    assertThat(set.bounding()).containsAll(raw);
  }

  @Test
  void privilegedHasAllThatTheKernelKnows() {
    var input = Inputs.security(s -> s.setPrivileged(true));
    assertThat(CapabilityPart.of(input).effective()).hasSize(41);
    var old =
        new NodeFacts(
            ContainerDefaults.USUAL,
            37,
            () -> new CpuList("0"),
            () -> new CpuList("0"),
            0,
            java.util.Set.of());
    assertThat(CapabilityPart.of(Inputs.withNode(input, old)).effective())
        .hasSize(38)
        .doesNotContain("CAP_BPF");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CAP_", "CAP_ALL", "NET_RAW ", "CAP_CAP_KILL", "40", "SYS_ADMIN\n"})
  void unknownNamesAreRefused(String name) {
    assertThatThrownBy(() -> of(c -> c.addAddCapabilities(name)))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("capabilities.add_capabilities");
    assertThatThrownBy(() -> of(c -> c.addDropCapabilities(name)))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("capabilities.drop_capabilities");
    assertThatThrownBy(() -> of(c -> c.addAddAmbientCapabilities(name)))
        .isInstanceOf(Refusal.InvalidArgument.class);
  }

  private static Capabilities of(Consumer<Capability.Builder> change) {
    return CapabilityPart.of(Inputs.security(s -> change.accept(s.getCapabilitiesBuilder())));
  }
}
