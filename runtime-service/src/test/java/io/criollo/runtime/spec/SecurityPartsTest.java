// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.SELinuxOption;
import io.criollo.cri.v1.SecurityProfile.ProfileType;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Masked and read-only paths, SELinux labels, AppArmor profiles, privileged containers.
class SecurityPartsTest {
  @Test
  void pathsAreAsGivenAndDefaultsWithoutASecurityContext() {
    var given = Inputs.security(s -> s.addMaskedPaths("/proc/x").addReadonlyPaths("/proc/y"));
    assertThat(PathsPart.masked(given)).contains("/proc/x").containsAll(PathsPart.MASKED);
    assertThat(PathsPart.readonly(given)).containsExactly("/proc/y");
    assertThat(PathsPart.masked(Inputs.plain())).isEmpty();
    assertThat(PathsPart.readonly(Inputs.plain())).isEmpty();
    var none = Inputs.container(c -> c.clearLinux());
    assertThat(PathsPart.masked(none)).isEqualTo(PathsPart.MASKED);
    assertThat(PathsPart.readonly(none)).isEqualTo(PathsPart.READONLY);
  }

  @Test
  void privilegedContainerHasNoPathsHidden() {
    var input =
        Inputs.security(
            s -> s.setPrivileged(true).addMaskedPaths("/proc/x").addReadonlyPaths("/y"));
    assertThat(PathsPart.masked(input)).isEmpty();
    assertThat(PathsPart.readonly(input)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative", "/a/../b", "/a\0"})
  void badPathsAreRefused(String path) {
    refused(Inputs.security(s -> s.addMaskedPaths(path)), "masked_paths");
    refused(Inputs.security(s -> s.addReadonlyPaths(path)), "readonly_paths");
  }

  @Test
  void privilegedNeedsAPodThatAllowsIt() {
    var input = Inputs.security(s -> s.setPrivileged(true));
    var pod = input.pod().toBuilder().clearLinux().build();
    refused(
        new SpecInput(
            pod, input.container(), input.image(), input.paths(), input.node(), input.user()),
        "security_context.privileged");
  }

  @Test
  void labelsStandInTheDocumentOnlyWhereTheNodeHasThem() {
    var spec = SpecBuilder.build(Inputs.plain());
    assertThat(spec.process().selinuxLabel()).isNull();
    assertThat(spec.linux().mountLabel()).isNull();
    var labelled = SpecBuilder.build(Inputs.withLabels(new SelinuxLabels("u:r:t:s0", "u:o:f:s0")));
    assertThat(labelled.process().selinuxLabel()).isEqualTo("u:r:t:s0");
    assertThat(labelled.linux().mountLabel()).isEqualTo("u:o:f:s0");
  }

  @Test
  void malformedLabelsAreRefused() {
    for (var level : List.of("x", "s0:", "s0:c1,", "s0:c1:c2", "s0\n", "s99999", "s0,c1")) {
      refused(selinux(o -> o.setLevel(level)), "selinux_options.level");
    }
    refused(selinux(o -> o.setType("a:b")), "selinux_options.type");
    refused(selinux(o -> o.setUser("a b")), "selinux_options.user");
    refused(selinux(o -> o.setRole("a\0")), "selinux_options.role");
    for (var level : List.of("s0", "s0-s15:c0.c1023", "s0:c1,c2,c3")) {
      assertThat(SpecBuilder.build(selinux(o -> o.setLevel(level)))).isNotNull();
    }
  }

  @Test
  void appArmorProfileNeedsAppArmor() {
    var input =
        Inputs.security(s ->
            s.getApparmorBuilder()
                .setProfileType(ProfileType.Localhost)
                .setLocalhostRef("localhost/web"));
    assertThatThrownBy(() -> SpecBuilder.build(input))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining("apparmor web: AppArmor is not enabled");
    refused(
        Inputs.security(s -> s.getApparmorBuilder().setProfileType(ProfileType.Localhost)),
        "apparmor.localhost_ref");
    refused(
        Inputs.security(s -> s.getApparmorBuilder().setProfileTypeValue(9)),
        "apparmor.profile_type");
  }

  @Test
  void aConfiguredAppArmorProfileHasToBeLoadedWhenAContainerIsMade() {
    var node = appArmorNode("no-such-profile", Set.of(Feature.APPARMOR));
    for (var input :
        List.of(
            Inputs.plain(),
            Inputs.security(
                s -> s.getApparmorBuilder().setProfileType(ProfileType.RuntimeDefault)))) {
      assertThatThrownBy(() -> AppArmorPart.of(Inputs.withNode(input, node)))
          .isInstanceOf(Refusal.FailedPrecondition.class)
          .hasMessageContaining("apparmor_profile no-such-profile: ");
    }
  }

  @Test
  @SuppressWarnings("deprecation") // older clients set only the older field
  void containersThatNameNoAppArmorProfileGetTheNodes() {
    var node = appArmorNode("nodes", Set.of());
    for (var wish : List.of("", "runtime/default")) {
      var input = Inputs.security(s -> s.setApparmorProfile(wish));
      assertThatThrownBy(() -> AppArmorPart.of(Inputs.withNode(input, node)))
          .hasMessageContaining("apparmor_profile nodes: AppArmor is not enabled");
    }
    var unconfined = Inputs.security(s -> s.setApparmorProfile("unconfined"));
    assertThat(AppArmorPart.of(Inputs.withNode(unconfined, node))).isNull();
    var privileged = Inputs.security(s -> s.setPrivileged(true));
    assertThat(AppArmorPart.of(Inputs.withNode(privileged, node))).isNull();
    assertThat(AppArmorPart.of(Inputs.plain())).isNull();
  }

  private static NodeFacts appArmorNode(String profile, Set<Feature> features) {
    var security =
        new ContainerDefaults.Security(
            List.of(),
            false,
            Optional.of(profile),
            true,
            false,
            Optional.empty(),
            Optional.empty());
    return Inputs.node(ContainerDefaults.USUAL.with(security), features);
  }

  private static SpecInput selinux(Consumer<SELinuxOption.Builder> change) {
    return Inputs.security(s -> change.accept(s.getSelinuxOptionsBuilder()));
  }

  private static void refused(SpecInput input, String text) {
    assertThatThrownBy(() -> SpecBuilder.build(input))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text);
  }
}
