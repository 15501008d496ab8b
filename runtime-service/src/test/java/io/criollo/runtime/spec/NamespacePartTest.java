// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.runtime.spec.OciLinux.Namespace;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class NamespacePartTest {
  @Test
  void joinsThePodsAndMakesItsOwn() {
    assertThat(NamespacePart.of(Inputs.plain()))
        .containsExactly(
            new Namespace("mount", null),
            new Namespace("network", "/run/p/net"),
            new Namespace("ipc", "/run/p/ipc"),
            new Namespace("uts", "/run/p/uts"),
            new Namespace("pid", null),
            new Namespace("cgroup", null));
  }

  @Test
  void hostsNamespacesAreLeftOut() {
    var input = options(o -> o.setPid(NamespaceMode.NODE));
    assertThat(NamespacePart.of(Inputs.withPaths(input, paths(Optional.empty()))))
        .containsExactly(new Namespace("mount", null), new Namespace("cgroup", null));
  }

  @Test
  void privilegedContainerStaysInTheHostsCgroupNamespace() {
    assertThat(NamespacePart.of(Inputs.security(s -> s.setPrivileged(true))))
        .noneMatch(namespace -> namespace.type().equals("cgroup"));
  }

  @Test
  void sharedPidNamespaceIsJoinedByItsPath() {
    var target = options(o -> o.setPid(NamespaceMode.TARGET).setTargetId("c1"));
    var input = Inputs.withPaths(target, paths(Optional.of(Path.of("/proc/7/ns/pid"))));
    assertThat(NamespacePart.of(input)).contains(new Namespace("pid", "/proc/7/ns/pid"));
  }

  @Test
  void whatCannotBeIsRefused() {
    refused(o -> o.setPid(NamespaceMode.POD), "namespace_options.pid");
    refused(o -> o.setPid(NamespaceMode.TARGET), "target_id");
    refused(o -> o.setPidValue(99), "namespace_options.pid");
    refused(o -> o.setNetworkValue(99), "namespace_options.network");
    refused(o -> o.setIpcValue(-1), "namespace_options.ipc");
    refused(o -> o.setNetwork(NamespaceMode.CONTAINER), "namespace_options.network");
    refused(o -> o.setIpc(NamespaceMode.TARGET), "namespace_options.ipc");
    refused(
        o -> o.getUsernsOptionsBuilder().setMode(NamespaceMode.POD), "must be exactly one mapping");
  }

  private static void refused(Consumer<NamespaceOption.Builder> change, String text) {
    assertThatThrownBy(() -> NamespacePart.of(options(change)))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text);
  }

  private static SpecInput options(Consumer<NamespaceOption.Builder> change) {
    return Inputs.security(s -> change.accept(s.getNamespaceOptionsBuilder()));
  }

  private static PodPaths paths(Optional<Path> pidNs) {
    var at = Path.of("/run/p/file");
    return new PodPaths(
        new NamespacePaths(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), pidNs),
        at,
        at,
        at,
        "/c",
        Inputs.ROOTFS,
        at,
        Optional.empty());
  }
}
