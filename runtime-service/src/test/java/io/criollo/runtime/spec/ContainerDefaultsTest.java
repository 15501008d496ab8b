// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.Device;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.SecurityProfile.ProfileType;
import io.criollo.runtime.spec.OciResources.DeviceRule;
import io.criollo.runtime.spec.OciSpec.Mount;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator gives to every container.
class ContainerDefaultsTest {
  @TempDir private Path directory = Path.of("");

  private static SpecInput with(SpecInput input, ContainerDefaults.Files files) {
    return Inputs.withDefaults(input, ContainerDefaults.USUAL.with(files));
  }

  private static SpecInput with(SpecInput input, ContainerDefaults.Processes process) {
    return Inputs.withDefaults(input, ContainerDefaults.USUAL.with(process));
  }

  private static SpecInput with(SpecInput input, ContainerDefaults.Devices devices) {
    return Inputs.withDefaults(input, ContainerDefaults.USUAL.with(devices));
  }

  private static SpecInput with(SpecInput input, ContainerDefaults.Security security) {
    return Inputs.withDefaults(input, ContainerDefaults.USUAL.with(security));
  }

  private DefaultSeccomp profile(String action) throws Exception {
    var file = directory.resolve("profile.json");
    return DefaultSeccomp.read(
        Files.writeString(file, "{\"defaultAction\": \"%s\"}".formatted(action)));
  }

  private static ContainerDefaults.Security security(
      boolean inheritable, Optional<DefaultSeccomp> usual, Optional<DefaultSeccomp> privileged) {
    return new ContainerDefaults.Security(
        List.of("CHOWN"), inheritable, Optional.empty(), true, false, usual, privileged);
  }

  @Test
  void variablesGiveWayToTheImagesAndTheRequests() {
    var process = ContainerDefaults.Processes.of(List.of(), List.of("IMAGE=x", "OWN=y"), 0);
    assertThat(EnvPart.of(with(Inputs.plain(), process))).contains("IMAGE=1", "OWN=y");
  }

  @Test
  void processesAreLimitedOnlyWhereTheConfigurationSaysSo() {
    var process = ContainerDefaults.Processes.of(List.of(), List.of(), 50);
    var limited = SpecBuilder.build(with(Inputs.plain(), process)).linux().resources();
    assertThat(limited.pids()).isEqualTo(new OciResources.Pids(50));
    assertThat(SpecBuilder.build(Inputs.plain()).linux().resources().pids()).isNull();
  }

  @Test
  void everyRootIsReadOnlyButForScratch() {
    var files = ContainerDefaults.Files.of(VolumeMode.MKDIR, true, List.of(), Optional.empty());
    var input = with(Inputs.plain(), files);
    assertThat(SpecBuilder.build(input).root().readonly()).isTrue();
    assertThat(OwnMounts.of(input))
        .filteredOn(mount -> mount.type().equals("tmpfs"))
        .extracting(Mount::destination)
        .contains("/run", "/tmp", "/var/tmp");
    assertThat(OwnMounts.of(Inputs.plain()))
        .extracting(Mount::destination)
        .doesNotContain("/run", "/tmp", "/var/tmp", "/etc/localtime");
  }

  @Test
  void theTimeZoneIsMountedUnlessTheRequestMountsAnother() throws Exception {
    var zone = Files.createFile(directory.resolve("zone"));
    var files = ContainerDefaults.Files.of(VolumeMode.MKDIR, false, List.of(), Optional.of(zone));
    assertThat(SpecBuilder.build(with(Inputs.plain(), files)).mounts())
        .filteredOn(mount -> mount.destination().equals("/etc/localtime"))
        .singleElement()
        .satisfies(mount -> assertThat(mount.source()).isEqualTo(zone.toString()))
        .satisfies(mount -> assertThat(mount.options()).contains("ro"));

    var other = Files.createFile(directory.resolve("other")).toString();
    var input =
        Inputs.container(
            c -> c.addMountsBuilder().setContainerPath("/etc/localtime").setHostPath(other));
    assertThat(SpecBuilder.build(with(input, files)).mounts())
        .filteredOn(mount -> mount.destination().equals("/etc/localtime"))
        .extracting(Mount::source)
        .containsExactly(other);
  }

  @Test
  void sourcesThatAreNeededAreNotMade() {
    var needed = directory.resolve("needed");
    var files =
        ContainerDefaults.Files.of(VolumeMode.MKDIR, false, List.of(needed), Optional.empty());
    var input =
        Inputs.container(
            c -> c.addMountsBuilder().setContainerPath("/a").setHostPath(needed.toString()));
    assertThatThrownBy(() -> HostMounts.find(with(input, files)))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining(needed.toString());
    assertThat(needed).doesNotExist();
    HostMounts.find(input);
    assertThat(needed).isDirectory();
  }

  @Test
  void aProfileTakesThePlaceOfTheBuiltInOne() throws Exception {
    var security = security(false, Optional.of(profile("SCMP_ACT_LOG")), Optional.empty());
    var input =
        Inputs.security(s -> s.getSeccompBuilder().setProfileType(ProfileType.RuntimeDefault));
    assertThat(SeccompPart.of(with(input, security)))
        .extracting(filter -> filter.defaultAction())
        .isEqualTo("SCMP_ACT_LOG");
  }

  @Test
  void privilegedContainersHaveTheirOwnProfileOrNone() throws Exception {
    var input = Inputs.security(s -> s.setPrivileged(true));
    assertThat(SeccompPart.of(input)).isNull();
    var security = security(false, Optional.empty(), Optional.of(profile("SCMP_ACT_ERRNO")));
    assertThat(SeccompPart.of(with(input, security)))
        .extracting(filter -> filter.defaultAction())
        .isEqualTo("SCMP_ACT_ERRNO");
  }

  @Test
  void capabilitiesAreInheritableWhereTheConfigurationSaysSo() {
    var none = security(false, Optional.empty(), Optional.empty());
    assertThat(CapabilityPart.of(with(Inputs.plain(), none)).inheritable()).isEmpty();
    var all = security(true, Optional.empty(), Optional.empty());
    var capabilities = CapabilityPart.of(with(Inputs.plain(), all));
    assertThat(capabilities.inheritable()).containsExactly("CAP_CHOWN");
    assertThat(capabilities.ambient()).isEmpty();
  }

  @Test
  void everyContainerHasTheConfiguredDevices() {
    var everyones =
        Device.newBuilder()
            .setHostPath("/dev/null")
            .setContainerPath("/dev/sink")
            .setPermissions("rw");
    var devices = ContainerDefaults.Devices.of(List.of(), List.of(everyones.build()), true, true);
    var spec = SpecBuilder.build(with(Inputs.plain(), devices)).linux();
    assertThat(spec.devices())
        .singleElement()
        .returns("/dev/sink", OciLinux.Device::path)
        .returns(0, OciLinux.Device::uid);
    assertThat(spec.resources().devices()).contains(new DeviceRule(true, "c", 1, 3, "rw"));
  }

  @Test
  void devicesOfTheRequestBelongToItsUserWhereTheConfigurationSaysSo() {
    var input =
        Inputs.container(c -> {
          c.addDevicesBuilder()
              .setHostPath("/dev/null")
              .setContainerPath("/dev/mine")
              .setPermissions("rw");
          var security = c.getLinuxBuilder().getSecurityContextBuilder();
          security.getRunAsUserBuilder().setValue(1000);
          security.getRunAsGroupBuilder().setValue(2000);
        });
    assertThat(HostDevices.find(input).nodes())
        .singleElement()
        .returns(0, OciLinux.Device::uid)
        .returns(0, OciLinux.Device::gid);
    var devices = ContainerDefaults.Devices.of(List.of(), List.of(), true, true);
    assertThat(HostDevices.find(with(input, devices)).nodes())
        .singleElement()
        .returns(1000, OciLinux.Device::uid)
        .returns(2000, OciLinux.Device::gid);
  }

  @Test
  void aHandlerMayKeepDevicesFromPrivilegedContainersAndAddAnnotations() throws Exception {
    var handler =
        new HandlerDefaults(
            1,
            false,
            Optional.of(profile("SCMP_ACT_KILL")),
            new AnnotationRules(Map.of("run.oci.x", "operator", "mine", "operator"), Set.of()),
            false);
    var input =
        Inputs.container(c -> {
          c.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
          c.putAnnotations("mine", "request").putAnnotations("run.oci.x", "request");
        });
    var own = Inputs.withDefaults(input, ContainerDefaults.USUAL.with(handler));

    assertThat(HostDevices.find(input).nodes()).isNotEmpty();
    assertThat(HostDevices.find(own).nodes()).isEmpty();
    assertThat(AnnotationPart.of(own))
        .containsEntry("run.oci.x", "operator")
        .containsEntry("mine", "request");
    assertThat(own.node().defaults().security().seccomp()).isPresent();
  }

  @Test
  void podsOnTheNodesNetworkAreConfinedWhereTheConfigurationSaysSo() {
    var pod = Inputs.pod().toBuilder();
    pod.getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    var id = PodId.random();
    var usual = Inputs.node(Set.of(NodeFacts.Feature.SELINUX));
    var confining =
        new ContainerDefaults.Security(
            List.of(), false, Optional.empty(), true, true, Optional.empty(), Optional.empty());
    var strict = Inputs.node(ContainerDefaults.USUAL.with(confining), usual.features());
    var container = Inputs.plain().container();

    assertThat(SelinuxLabels.of(usual, id, pod.build(), container).orElseThrow().process())
        .contains(":spc_t:");
    assertThat(SelinuxLabels.of(strict, id, pod.build(), container).orElseThrow().process())
        .contains(":container_t:");
  }
}
