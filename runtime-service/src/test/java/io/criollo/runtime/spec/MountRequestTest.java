// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.MountPropagation;
import io.criollo.runtime.spec.BindMount.Access;
import io.criollo.runtime.spec.BindMount.Propagation;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountRequestTest {
  @Test
  void textsAreTakenAsTheyAreMeant() {
    assertThat(of(_ -> {}))
        .isEqualTo(
            new MountRequest(
                "/data", "/host/data", Access.READ_WRITE, Propagation.PRIVATE, List.of(), false));
    assertThat(
            of(m ->
                m.setContainerPath("/data//x/")
                    .setReadonly(true)
                    .setPropagation(MountPropagation.PROPAGATION_HOST_TO_CONTAINER)
                    .addMountOptions("noexec")))
        .isEqualTo(
            new MountRequest(
                "/data/x",
                "/host/data",
                Access.READ_ONLY,
                Propagation.HOST_TO_CONTAINER,
                List.of("noexec"),
                false));
    assertThat(of(m -> m.setReadonly(true).setRecursiveReadOnly(true)).access())
        .isEqualTo(Access.RECURSIVE_READ_ONLY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "data",
        "/",
        "//",
        "/a/../b",
        "/proc",
        "/proc/",
        "/proc/self/attr",
        "/proc/sys",
        "/a\0",
        "/a\nb"
      })
  void badDestinationsAreRefused(String path) {
    refused(m -> m.setContainerPath(path), "config.mounts.container_path");
  }

  @Test
  void filesThatLxcfsReplacesMayBeMounted() {
    assertThat(of(m -> m.setContainerPath("/proc/meminfo")).destination())
        .isEqualTo("/proc/meminfo");
    assertThat(of(m -> m.setContainerPath("/procfs")).destination()).isEqualTo("/procfs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative", "/a/../../etc", "/a\0b"})
  void badSourcesAreRefused(String path) {
    refused(m -> m.setHostPath(path), "config.mounts.host_path");
  }

  @Test
  void recursivelyReadOnlyNeedsReadOnlyAndPrivate() {
    refused(m -> m.setRecursiveReadOnly(true), "recursive_read_only");
    refused(
        m ->
            m.setRecursiveReadOnly(true)
                .setReadonly(true)
                .setPropagation(MountPropagation.PROPAGATION_BIDIRECTIONAL),
        "recursive_read_only");
    var old = Inputs.node(Set.of());
    var input = config(m -> m.setRecursiveReadOnly(true).setReadonly(true));
    assertThatThrownBy(() -> MountRequest.of(Inputs.withNode(input, old)))
        .hasMessageStartingWith("RROUnsupported: ");
  }

  @Test
  void whatIsNotKnownIsRefused() {
    refused(m -> m.setPropagationValue(9), "config.mounts.propagation");
    refused(m -> m.addMountOptions("suid,exec"), "config.mounts.mount_options");
    refused(m -> m.addUidMappingsBuilder().setLength(1), "must be exactly one mapping");
  }

  @Test
  void oneDestinationIsMountedOnce() {
    var twice =
        Inputs.container(c -> {
          c.addMountsBuilder().setContainerPath("/a/b").setHostPath("/x");
          c.addMountsBuilder().setContainerPath("/a//b/").setHostPath("/y");
        });
    assertThatThrownBy(() -> MountRequest.of(twice))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("/a/b")
        .hasMessageContaining("twice");
  }

  private static void refused(Consumer<Mount.Builder> change, String text) {
    assertThatThrownBy(() -> of(change))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text);
  }

  private static MountRequest of(Consumer<Mount.Builder> change) {
    return MountRequest.of(config(change)).getFirst();
  }

  private static SpecInput config(Consumer<Mount.Builder> change) {
    return Inputs.container(c ->
        change.accept(c.addMountsBuilder().setContainerPath("/data").setHostPath("/host/data")));
  }
}
