// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.spec.NodeFacts.Feature;
import java.io.IOException;
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
  void aNodeIsLimitedByTheRuntimeOnlyInWhatHangsOnIt() {
    var node = Inputs.node(Set.of(Feature.SECCOMP, Feature.RECURSIVE_READ_ONLY));

    assertThat(node.limitedTo(Set.of(), 1).features()).containsExactly(Feature.SECCOMP);
    var all = Set.of(Feature.RECURSIVE_READ_ONLY);
    assertThat(node.limitedTo(all, node.minimumMemory())).isEqualTo(node);
    assertThat(node.limitedTo(all, 7).minimumMemory()).isEqualTo(7);
  }
}
