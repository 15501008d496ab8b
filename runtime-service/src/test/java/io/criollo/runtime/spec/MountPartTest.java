// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.spec.BindMount.Access;
import io.criollo.runtime.spec.BindMount.Propagation;
import io.criollo.runtime.spec.OciSpec.Mount;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountPartTest {
  @Test
  void outerMountsComeFirst() {
    var mounts = destinations(bind("/a/b/c"), bind("/a"), bind("/etc"));
    assertThat(mounts.indexOf("/a")).isLessThan(mounts.indexOf("/a/b/c"));
    assertThat(mounts.indexOf("/etc")).isLessThan(mounts.indexOf("/etc/resolv.conf"));
    assertThat(mounts.indexOf("/dev")).isLessThan(mounts.indexOf("/dev/pts"));
    assertThat(mounts.indexOf("/sys")).isLessThan(mounts.indexOf("/sys/fs/cgroup"));
  }

  @Test
  void requestReplacesOurs() {
    var mounts = MountPart.of(Inputs.plain(), List.of(bind("/etc/resolv.conf")));
    assertThat(mounts)
        .filteredOn(mount -> mount.destination().equals("/etc/resolv.conf"))
        .extracting(Mount::source)
        .containsExactly("/host");
  }

  @Test
  void hostsDevAndSysComeWithAllThatIsBelow() {
    assertThat(destinations(bind("/dev")))
        .containsOnlyOnce("/dev")
        .doesNotContain("/dev/pts", "/dev/shm", "/dev/mqueue");
    assertThat(destinations(bind("/sys"))).doesNotContain("/sys/fs/cgroup");
  }

  @Test
  void kernelFileSystemsAreReadOnlyUnlessPrivileged() {
    assertThat(options(Inputs.plain(), "/sys")).contains("ro");
    assertThat(options(Inputs.plain(), "/sys/fs/cgroup")).contains("ro");
    var privileged = Inputs.security(s -> s.setPrivileged(true));
    assertThat(options(privileged, "/sys")).contains("rw");
    assertThat(options(privileged, "/sys/fs/cgroup")).contains("rw");
  }

  @Test
  void filesOfThePodAreReadOnlyWithTheRoot() {
    assertThat(options(Inputs.plain(), "/etc/hostname")).contains("rw");
    var input = Inputs.security(s -> s.setReadonlyRootfs(true));
    assertThat(options(input, "/etc/hostname")).contains("ro");
    assertThat(options(input, "/etc/resolv.conf")).contains("ro");
    assertThat(options(input, "/dev/shm")).contains("rw");
  }

  @Test
  void propagationReachesTheRoot() {
    assertThat(MountPart.rootfsPropagation(List.of(bind("/a")))).isNull();
    var slave =
        new BindMount(
            "/b", "/h", Access.READ_WRITE, Propagation.HOST_TO_CONTAINER, List.of(), false);
    var shared =
        new BindMount("/c", "/h", Access.READ_WRITE, Propagation.BIDIRECTIONAL, List.of(), false);
    assertThat(MountPart.rootfsPropagation(List.of(bind("/a"), slave))).isEqualTo("rslave");
    assertThat(MountPart.rootfsPropagation(List.of(slave, shared))).isEqualTo("shared");
    assertThat(MountPart.of(Inputs.plain(), List.of(shared)))
        .filteredOn(mount -> mount.destination().equals("/c"))
        .extracting(Mount::options)
        .containsExactly(List.of("rbind", "rshared", "rw"));
  }

  private static BindMount bind(String destination) {
    return new BindMount(
        destination, "/host", Access.READ_ONLY, Propagation.PRIVATE, List.of(), false);
  }

  private static List<String> destinations(BindMount... requested) {
    return MountPart.of(Inputs.plain(), List.of(requested)).stream()
        .map(Mount::destination)
        .toList();
  }

  private static List<String> options(SpecInput input, String destination) {
    return MountPart.of(input, List.of()).stream()
        .filter(mount -> mount.destination().equals(destination))
        .findFirst()
        .orElseThrow()
        .options();
  }
}
