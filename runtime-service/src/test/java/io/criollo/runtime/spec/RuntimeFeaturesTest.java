// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.spec.NodeFacts.Feature;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuntimeFeaturesTest {
  @Test
  void bothAreTakenFromWhatTheRuntimeSays() throws Exception {
    var json =
        """
        {"mountOptions": ["ro", "rro"],
         "linux": {"namespaces": ["pid", "user"],
                   "mountExtensions": {"idmap": {"enabled": true}}}}
        """;

    assertThat(RuntimeFeatures.parse(json))
        .containsExactlyInAnyOrder(Feature.RECURSIVE_READ_ONLY, Feature.USER_NAMESPACES);
  }

  @Test
  void whatItDoesNotSayItCannot() throws Exception {
    assertThat(RuntimeFeatures.parse("{}")).isEmpty();
    assertThat(
            RuntimeFeatures.parse(
                "{\"mountOptions\": [\"rrow\"], \"linux\": {\"namespaces\": [\"user\"]}}"))
        .isEmpty();
    assertThat(
            RuntimeFeatures.parse(
                "{\"linux\": {\"mountExtensions\": {\"idmap\": {\"enabled\": true}}}}"))
        .isEmpty();
    assertThatThrownBy(() -> RuntimeFeatures.parse("crun: unknown command"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void gVisorIsKnownByItsAnnotations() throws Exception {
    assertThat(
            RuntimeFeatures.haveSandboxes(
                "{\"annotations\": {\"dev.gvisor.flag.network\": \"sandbox\"}}"))
        .isTrue();
    assertThat(
            RuntimeFeatures.haveSandboxes(
                "{\"annotations\": {\"run.oci.crun.version\": \"1.21\"}}"))
        .isFalse();
    assertThat(RuntimeFeatures.haveSandboxes("{}")).isFalse();
  }

  @Test
  void aNodeIsLimitedByTheRuntimeOnlyInWhatHangsOnIt() {
    var node = Inputs.node(Set.of(Feature.SECCOMP, Feature.RECURSIVE_READ_ONLY));

    var usual =
        new HandlerDefaults(
            node.minimumMemory(), true, Optional.empty(), AnnotationRules.NONE, false);
    assertThat(node.limitedTo(Set.of(), usual).features()).containsExactly(Feature.SECCOMP);
    var all = Set.of(Feature.RECURSIVE_READ_ONLY);
    assertThat(node.limitedTo(all, usual)).isEqualTo(node);
    var own =
        new HandlerDefaults(
            7, false, Optional.empty(), new AnnotationRules(Map.of("a", "b"), Set.of()), true);
    assertThat(node.limitedTo(all, own))
        .returns(7L, NodeFacts::minimumMemory)
        .returns(Map.of("a", "b"), facts -> facts.defaults().annotations().defaults())
        .returns(true, facts -> facts.defaults().processes().execOnFirst())
        .returns(false, facts -> facts.defaults().devices().allWhenPrivileged());
  }
}
