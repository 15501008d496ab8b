// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.PodSandboxConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GomaxprocsTest {
  private static List<String> env(
      long least,
      Consumer<ContainerConfig.Builder> change,
      Consumer<PodSandboxConfig.Builder> changePod) {
    var processes =
        new ContainerDefaults.Processes(List.of(), List.of(), 0, least, Optional.empty(), false);
    var pod = Inputs.pod().toBuilder();
    pod.getLinuxBuilder().setCgroupParent("/kubepods/burstable/pod1");
    changePod.accept(pod);
    var input = Inputs.container(change);
    return EnvPart.of(
            Inputs.withDefaults(
                new SpecInput(
                    pod.build(),
                    input.container(),
                    input.image(),
                    input.paths(),
                    input.node(),
                    input.user()),
                ContainerDefaults.USUAL.with(processes)))
        .stream()
        .filter(line -> line.startsWith("GOMAXPROCS="))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "4, 0, 4", "4, 2, 4", "4, 2048, 4", "4, 2561, 6", "1, 1024, 2"})
  void itIsTwiceWhatIsRequestedAndNotLessThanConfigured(long least, long shares, String number) {
    assertThat(
            env(
                least,
                c -> c.getLinuxBuilder().getResourcesBuilder().setCpuShares(shares),
                _ -> {}))
        .containsExactly("GOMAXPROCS=" + number);
  }

  @Test
  void whoKnowsBetterIsSpared() {
    assertThat(env(0, _ -> {}, _ -> {})).isEmpty();
    assertThat(env(4, c -> c.getLinuxBuilder().getResourcesBuilder().setCpuQuota(50_000), _ -> {}))
        .isEmpty();
    assertThat(env(4, _ -> {}, p -> p.putAnnotations("skip-gomaxprocs.crio.io", "true"))).isEmpty();
    assertThat(env(4, _ -> {}, p -> p.getLinuxBuilder().setCgroupParent("/kubepods/pod1")))
        .isEmpty();
    assertThat(
            env(
                4,
                c -> c.addEnvsBuilder().setKey("GOMAXPROCS").setValue(ByteString.copyFromUtf8("2")),
                _ -> {}))
        .containsExactly("GOMAXPROCS=2");
  }
}
