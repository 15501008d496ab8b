// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.IDMapping;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.UserNamespace;
import io.criollo.runtime.spec.OciLinux.IdMapping;
import io.criollo.runtime.spec.OciLinux.Namespace;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserNsTest {
  @Test
  void oneMappingThatHoldsRootIsTaken() {
    var users = UserNs.of(options(NamespaceMode.POD, mapping(0, 65536, 65536)));

    assertThat(users)
        .contains(new UserNs(new IdMapping(0, 65536, 65536), new IdMapping(0, 65536, 65536)));
    assertThat(users.orElseThrow().rootUid()).isEqualTo(65536);
  }

  @Test
  void theNodesIsNone() {
    assertThat(UserNs.of(NamespaceOption.getDefaultInstance())).isEmpty();
    assertThat(UserNs.of(options(NamespaceMode.NODE))).isEmpty();
  }

  @Test
  void whatCannotBeMappedIsRefused() {
    var good = mapping(0, 1000, 10);
    refused(options(NamespaceMode.POD), "exactly one mapping");
    refused(options(NamespaceMode.POD, good, mapping(10, 2000, 10)), "exactly one mapping");
    refused(options(NamespaceMode.POD, mapping(1, 1000, 10)), "container_id");
    refused(options(NamespaceMode.POD, mapping(0, 1000, 0)), "length");
    refused(options(NamespaceMode.POD, mapping(0, -2, 10)), "host_id");
    refused(options(NamespaceMode.POD, mapping(0, 1, -1)), "host_id");
    refused(options(NamespaceMode.NODE, good), "must be empty");
    refused(options(NamespaceMode.CONTAINER), "POD or NODE");
    refused(options(NamespaceMode.TARGET), "POD or NODE");
    refused(
        NamespaceOption.newBuilder()
            .setUsernsOptions(UserNamespace.newBuilder().setModeValue(77))
            .build(),
        "77");
  }

  @Test
  void aContainerJoinsThePodsNamespaceAndMapsAsItDoes() {
    var input = Inputs.plain();
    var mapped = options(NamespaceMode.POD, mapping(0, 65536, 65536));
    var pod = input.pod().toBuilder();
    pod.getLinuxBuilder().getSecurityContextBuilder().setNamespaceOptions(mapped);
    var container = input.container().toBuilder();
    container.addMountsBuilder().setContainerPath("/plain").setHostPath("/tmp");
    container
        .addMountsBuilder()
        .setContainerPath("/mapped")
        .setHostPath("/tmp")
        .addUidMappings(mapping(0, 65536, 65536))
        .addGidMappings(mapping(0, 65536, 65536));

    var spec =
        SpecBuilder.build(
            new SpecInput(
                pod.build(),
                container.build(),
                input.image(),
                inUsers(Optional.empty()),
                input.node(),
                input.user()));

    assertThat(spec.linux().namespaces()).contains(new Namespace("user", "/run/p/user"));
    assertThat(spec.linux().uidMappings()).containsExactly(new IdMapping(0, 65536, 65536));
    assertThat(spec.mounts())
        .filteredOn(mount -> !mount.uidMappings().isEmpty())
        .extracting(OciSpec.Mount::destination)
        .containsExactly("/mapped");
  }

  @Test
  void directoriesForVolumesOfTheImageAreOfTheMappedUser() {
    var input = Inputs.withUser(Inputs.plain(), new ContainerUserIds(33, 34, List.of(34), "/"));
    var pod = input.pod().toBuilder();
    pod.getLinuxBuilder()
        .getSecurityContextBuilder()
        .setNamespaceOptions(options(NamespaceMode.POD, mapping(0, 65536, 65536)));

    assertThat(VolumeOwner.of(input)).isEqualTo(new VolumeOwner(33, 34));
    assertThat(
            VolumeOwner.of(
                new SpecInput(
                    pod.build(),
                    input.container(),
                    input.image(),
                    input.paths(),
                    input.node(),
                    input.user())))
        .isEqualTo(new VolumeOwner(65536 + 33, 65536 + 34));
  }

  @Test
  void aContainerCannotHaveAnotherNamespaceThanItsPod() {
    var other =
        Inputs.security(s ->
            s.getNamespaceOptionsBuilder()
                .mergeFrom(options(NamespaceMode.POD, mapping(0, 65536, 65536))));

    assertThatThrownBy(() -> NamespacePart.of(other))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("must be the pod's");
  }

  @Test
  void withTheNodesNetworkItsSysIsBoundInsteadOfMounted() {
    var pod = Inputs.pod().toBuilder();
    pod.getLinuxBuilder()
        .getSecurityContextBuilder()
        .setNamespaceOptions(
            options(NamespaceMode.POD, mapping(0, 65536, 65536)).toBuilder()
                .setNetwork(NamespaceMode.NODE));
    var paths = inUsers(Inputs.paths().namespaces().net());
    var shared = inUsers(Optional.empty());
    assertThat(sys(pod.build(), paths).type()).isEqualTo("sysfs");
    assertThat(sys(pod.build(), shared).options()).contains("rbind", "ro", "nosuid");
    assertThat(sys(Inputs.pod(), shared).type()).isEqualTo("sysfs");
  }

  private static OciSpec.Mount sys(PodSandboxConfig pod, PodPaths paths) {
    var plain = Inputs.plain();
    var input =
        new SpecInput(pod, plain.container(), plain.image(), paths, plain.node(), plain.user());
    return OwnMounts.of(input).stream()
        .filter(mount -> mount.destination().equals("/sys"))
        .findFirst()
        .orElseThrow();
  }

  private static PodPaths inUsers(Optional<Path> net) {
    var user = Optional.of(Path.of("/run/p/user"));
    return Inputs.paths(
        new NamespacePaths(net, Optional.empty(), Optional.empty(), user, Optional.empty()),
        Optional.empty());
  }

  private static IDMapping mapping(int container, int host, int length) {
    return IDMapping.newBuilder()
        .setContainerId(container)
        .setHostId(host)
        .setLength(length)
        .build();
  }

  private static NamespaceOption options(NamespaceMode mode, IDMapping... mappings) {
    return NamespaceOption.newBuilder()
        .setUsernsOptions(
            UserNamespace.newBuilder()
                .setMode(mode)
                .addAllUids(List.of(mappings))
                .addAllGids(List.of(mappings)))
        .build();
  }

  private static void refused(NamespaceOption options, String text) {
    assertThatThrownBy(() -> UserNs.of(options))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text);
  }
}
