// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.spec.OciLinux.IdMapping;
import io.criollo.runtime.spec.OciLinux.Namespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InitSpecTest {
  private static final InitSpec.Input INPUT =
      new InitSpec.Input(
          Path.of("/run/init"),
          Optional.of(Path.of("/usr/bin/wait")),
          Map.of("network", Path.of("/run/p/net"), "uts", Path.of("/run/p/uts")),
          List.of("pid"),
          Optional.empty(),
          "/pod/init");

  @Test
  void joinsWhatThePodHasAndMakesThePidNamespace() {
    assertThat(InitSpec.of(INPUT, Inputs.node(), Optional.empty()).linux().namespaces())
        .containsExactly(
            new Namespace("mount", null),
            new Namespace("pid", null),
            new Namespace("cgroup", null),
            new Namespace("network", "/run/p/net"),
            new Namespace("uts", "/run/p/uts"));
  }

  @Test
  void makesThoseNamespacesWithItsUserNamespaceThatArePinnedThen() {
    var users = new UserNs(new IdMapping(0, 65536, 65536), new IdMapping(0, 65536, 65536));
    var made = List.of("user", "ipc"); // of a pod with the node's network
    var input =
        new InitSpec.Input(
            Path.of("/run/init"), Optional.empty(), Map.of(), made, Optional.of(users), "/init");
    assertThat(InitSpec.of(input, Inputs.node(), Optional.empty()).linux().namespaces())
        .extracting(Namespace::type)
        .containsExactly("user", "ipc", "mount", "pid", "cgroup");
  }

  @Test
  void itsFilesHaveTheLabelOfThePod() {
    var spec = InitSpec.of(INPUT, Inputs.node(), Optional.of("u:o:f:s0"));
    assertThat(spec.linux().mountLabel()).isEqualTo("u:o:f:s0");
  }

  @Test
  void runsWhereTheConfigurationSays() {
    var processes =
        new ContainerDefaults.Processes(
            List.of(), List.of(), 0, 0, Optional.of(new CpuList("0-1")), false);
    var node = Inputs.node(ContainerDefaults.USUAL.with(processes), Set.of());

    var cpu = InitSpec.of(INPUT, node, Optional.empty()).linux().resources().cpu();
    assertThat(cpu).isEqualTo(new OciResources.Cpu(null, null, null, "0-1", null));
    assertThat(InitSpec.of(INPUT, Inputs.node(), Optional.empty()).linux().resources().cpu())
        .isNull();
  }

  @Test
  void mayDoNothingButWait() {
    var spec = InitSpec.of(INPUT, Inputs.node(), Optional.empty());

    assertThat(spec.process().args()).containsExactly("/init", "-P");
    assertThat(spec.process().user().uid()).isEqualTo(65535);
    assertThat(spec.process().capabilities().bounding()).isEmpty();
    assertThat(spec.process().noNewPrivileges()).isTrue();
    assertThat(spec.root().readonly()).isTrue();
    assertThat(spec.linux().seccomp()).isNotNull();
    assertThat(spec.linux().cgroupsPath()).isEqualTo("/pod/init");
    assertThat(spec.mounts())
        .filteredOn(mount -> mount.destination().equals("/init"))
        .singleElement()
        .satisfies(mount -> assertThat(mount.options()).contains("ro", "bind"));
  }
}
