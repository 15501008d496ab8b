// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.image.manifest.ImageConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotationPartTest {
  @Test
  void requestsAnnotationsAndOurOwnGoIn() {
    assertThat(AnnotationPart.of(Inputs.container(c -> c.putAnnotations("example.com/a", "1"))))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "example.com/a", "1",
                "io.criollo.container.name", "web",
                "io.criollo.pod.name", "pod-1",
                "io.criollo.pod.namespace", "default",
                "io.criollo.pod.uid", "uid-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bundle",
        "org.systemd.property.CollectMode",
        "org.systemd.property.",
        "org.criu.config",
        "run.oci.seccomp.receiver",
        "run.oci.delegate-cgroup",
        "module.wasm.image/variant",
        "krun.cpus",
        "io.katacontainers.config.hypervisor.path",
        "dev.gvisor.flag.network",
        "io.kubernetes.cri-o.UnifiedCgroup.web",
        "io.kubernetes.cri-o.SandboxID",
        "io.kubernetes.cri.container-type",
        "io.kubernetes.cri.sandbox-id",
        "io.criollo.pod.uid",
        "io.criollo.anything"
      })
  void whatSteersARuntimeOrPassesForOursStaysOut(String key) {
    var annotations = AnnotationPart.of(Inputs.container(c -> c.putAnnotations(key, "evil")));
    assertThat(annotations).hasSize(4).doesNotContainValue("evil");
  }

  @Test
  void wholeKeyIsComparedAndNothingIsCutOff() {
    assertThat(AnnotationPart.steers("bundle.example.com")).isFalse();
    assertThat(AnnotationPart.steers("example.com/run.oci.x")).isFalse();
    assertThat(AnnotationPart.steers("run.oci")).isFalse();
  }

  @Test
  void labelsOfTheImageNeverGoIn() {
    var labels = Map.of("io.criollo.pod.uid", "evil", "run.oci.x", "evil", "plain", "evil");
    var image =
        new ImageConfig(
            "",
            List.of(),
            List.of(),
            List.of(),
            "",
            List.of(),
            labels,
            Optional.empty(),
            "linux",
            "amd64");
    var spec = SpecBuilder.build(Inputs.withImage(Inputs.plain(), image));
    assertThat(spec.annotations()).doesNotContainValue("evil");
  }
}
