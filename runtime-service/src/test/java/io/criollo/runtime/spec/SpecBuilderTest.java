// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SpecBuilderTest {
  @Test
  void plainContainerIsWhatTheRuntimesOwnDefaultIs() throws IOException {
    var spec = json(SpecBuilder.build(Inputs.plain()));
    assertThat(spec.at("/ociVersion").asText()).isEqualTo("1.0.2");
    assertThat(spec.at("/root/path").asText()).isEqualTo(Inputs.ROOTFS.toString());
    assertThat(spec.at("/root/readonly").asBoolean()).isFalse();
    assertThat(spec.at("/process/args").toString()).isEqualTo("[\"/bin/sleep\",\"10\"]");
    assertThat(spec.at("/process/cwd").asText()).isEqualTo("/");
    assertThat(spec.at("/process/user/uid").asInt(-1)).isZero();
    assertThat(spec.at("/process/user/additionalGids").toString()).isEqualTo("[0]");
    assertThat(spec.at("/process/oomScoreAdj").asInt(-1)).isZero();
    assertThat(spec.at("/linux/cgroupsPath").asText()).isEqualTo("/pods/p/c");
    assertThat(spec.at("/linux/seccomp").isMissingNode()).isTrue();
    assertThat(spec.at("/hooks").isMissingNode()).isTrue();
  }

  @Test
  void documentReadBackIsTheSame() throws IOException {
    var spec = SpecBuilder.build(Inputs.plain());
    assertThat(OciSpec.parse(spec.toJson())).isEqualTo(spec);
  }

  @Test
  void containerWithoutCapabilitiesKeepsAnEmptyObjectForThem() throws IOException {
    var input = Inputs.security(s -> s.getCapabilitiesBuilder().addDropCapabilities("ALL"));
    var spec = json(SpecBuilder.build(input));
    assertThat(spec.at("/process/capabilities").isObject()).isTrue();
    assertThat(spec.at("/process/capabilities")).isEmpty();
  }

  private static JsonNode json(OciSpec spec) throws IOException {
    return new ObjectMapper().readTree(spec.toJson());
  }
}
