// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.SecurityProfile.ProfileType;
import io.criollo.runtime.spec.ContainerDefaults.Extras;
import io.criollo.runtime.spec.OciSpec.Mount;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator adds to the usual.
class ExtrasTest {
  private static SpecInput with(SpecInput input, Extras extras) {
    var usual = Inputs.DEFAULTS;
    var defaults =
        new ContainerDefaults(
            usual.capabilities(),
            usual.rlimits(),
            usual.appArmorProfile(),
            usual.cdiSpecDirs(),
            usual.imageVolumes(),
            usual.selinux(),
            extras);
    var node = input.node();
    return Inputs.withNode(
        input,
        new NodeFacts(
            defaults,
            node.lastCapability(),
            node.onlineCpus(),
            node.minimumMemory(),
            node.features()));
  }

  @Test
  void variablesGiveWayToTheImagesAndTheRequests() {
    var extras = new Extras(List.of("IMAGE=x", "OWN=y"), false, List.of(), Optional.empty());
    assertThat(EnvPart.of(with(Inputs.plain(), extras))).contains("IMAGE=1", "OWN=y");
  }

  @Test
  void everyRootIsReadOnlyButForScratch() {
    var extras = new Extras(List.of(), true, List.of(), Optional.empty());
    var input = with(Inputs.plain(), extras);
    assertThat(SpecBuilder.build(input).root().readonly()).isTrue();
    assertThat(OwnMounts.of(input))
        .filteredOn(mount -> mount.type().equals("tmpfs"))
        .extracting(Mount::destination)
        .contains("/run", "/tmp", "/var/tmp");
    assertThat(OwnMounts.of(Inputs.plain()))
        .extracting(Mount::destination)
        .doesNotContain("/run", "/tmp", "/var/tmp");
  }

  @Test
  void sourcesThatAreNeededAreNotMade(@TempDir Path directory) {
    var needed = directory.resolve("needed");
    var extras = new Extras(List.of(), false, List.of(needed), Optional.empty());
    var input =
        Inputs.container(
            c -> c.addMountsBuilder().setContainerPath("/a").setHostPath(needed.toString()));
    assertThatThrownBy(() -> HostMounts.find(with(input, extras)))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining(needed.toString());
    assertThat(needed).doesNotExist();
    HostMounts.find(input);
    assertThat(needed).isDirectory();
  }

  @Test
  void aProfileTakesThePlaceOfTheBuiltInOne(@TempDir Path directory) throws Exception {
    var file = directory.resolve("profile.json");
    var profile =
        DefaultSeccomp.read(Files.writeString(file, "{\"defaultAction\": \"SCMP_ACT_LOG\"}"));
    var extras = new Extras(List.of(), false, List.of(), Optional.of(profile));
    var input =
        Inputs.security(s -> s.getSeccompBuilder().setProfileType(ProfileType.RuntimeDefault));
    assertThat(SeccompPart.of(with(input, extras)))
        .extracting(filter -> filter.defaultAction())
        .isEqualTo("SCMP_ACT_LOG");
  }
}
