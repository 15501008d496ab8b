// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.linux.LinuxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SystemdNamesTest {
  private final Cgroupfs files = new Cgroupfs(Path.of("/sys/fs/cgroup"));
  private final SystemdCgroups driver = new SystemdCgroups(files);

  @Test
  void aSliceLiesInThoseThatItsNameTells() throws Exception {
    var path = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7_1.slice";
    assertThat(driver.parent("kubepods-burstable-pod7_1.slice")).isEqualTo(path);
    assertThat(driver.parent(path)).isEqualTo(path);
    assertThat(driver.parent("kubepods.slice")).isEqualTo("/kubepods.slice");
  }

  @Test
  void aPathIsTakenInItsShortestForm() throws Exception {
    for (var path : List.of("/a//b", "/a/b/", "/a/./b")) {
      assertThat(files.parent(path)).isEqualTo("/a/b");
    }
    assertThatThrownBy(() -> files.parent("/a/b.slice/")).hasMessageContaining("is a slice");
  }

  @Test
  void aContainerIsAScopeInItsPodsSlice() throws Exception {
    var path = driver.ofContainer(driver.ofPod("b0"), "c1");
    assertThat(path).isEqualTo("/criollo.slice/criollo-b0.slice/criollo-c1.scope");
    assertThat(driver.forRuntime(path)).isEqualTo("criollo-b0.slice:criollo:c1");
  }

  @Test
  void whatThePodsDriverMadeIsFoundUnderTheOtherOne() throws Exception {
    for (var made : List.of(driver, files)) {
      var pod = made.ofPod("b0");
      assertThat(CgroupDriver.ofContainerBeside(pod, "c1")).isEqualTo(made.ofContainer(pod, "c1"));
    }
  }

  @Test
  void theOtherDriversNamesAreRefused() {
    for (var name : List.of("/kubepods/pod1", "a..slice/x", "-.slice", "a--b.slice", ".slice")) {
      assertThatThrownBy(() -> driver.parent(name))
          .as(name)
          .isInstanceOf(LinuxException.class)
          .hasMessageContaining("cgroup_manager is systemd");
    }
    assertThatThrownBy(() -> files.parent("kubepods-pod1.slice"))
        .hasMessageContaining("cgroup_manager is cgroupfs");
    assertThatThrownBy(() -> driver.ofContainer("/criollo/b0", "c1"))
        .hasMessageContaining("made while cgroup_manager was cgroupfs");
  }

  @Test
  void limitsBecomePropertiesOfAUnit() {
    assertThat(properties("memory.max", "1048576")).containsExactly("MemoryMax t 1048576");
    assertThat(properties("memory.swap.max", "max\n"))
        .containsExactly("MemorySwapMax t 18446744073709551615");
    assertThat(properties("pids.max", "7")).containsExactly("TasksMax t 7");
    assertThat(properties("cpu.weight", "100")).containsExactly("CPUWeight t 100");
    assertThat(properties("cpu.max", "150000 100000"))
        .containsExactly("CPUQuotaPeriodUSec t 100000", "CPUQuotaPerSecUSec t 1500000");
    assertThat(properties("cpu.max", "max 50000"))
        .containsExactly("CPUQuotaPeriodUSec t 50000", "CPUQuotaPerSecUSec t 18446744073709551615");
    assertThat(properties("cpuset.cpus", "0-1,9")).containsExactly("AllowedCPUs ay 2 3 2");
    assertThat(properties("cpuset.mems", "")).containsExactly("AllowedMemoryNodes ay 0");
  }

  @Test
  void whatSystemdHasNoPropertyForIsLeftToTheFile() {
    assertThat(properties("hugetlb.2MB.max", "0")).isEmpty();
    assertThat(properties("memory.high", "10M")).isEmpty();
    assertThat(properties("cpu.max", "1 0")).isEmpty();
    assertThat(properties("cpuset.cpus", "all")).isEmpty();
  }

  private static List<String> properties(String file, String value) {
    return UnitProperties.of(Map.of(file, value)).stream()
        .map(words -> String.join(" ", words))
        .toList();
  }
}
