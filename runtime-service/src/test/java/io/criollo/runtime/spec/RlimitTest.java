// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RlimitTest {
  @Test
  void aSoftLimitAloneIsTheHardOneToo() {
    assertThat(Rlimit.parse("nofile=1024:2048"))
        .isEqualTo(new Rlimit("RLIMIT_NOFILE", BigInteger.valueOf(1024), BigInteger.valueOf(2048)));
    assertThat(Rlimit.parse("nproc=7").hard()).isEqualTo(7);
  }

  @Test
  void noLimitIsTheLargestNumber() {
    var core = Rlimit.parse("core=0:-1");
    assertThat(core.hard()).isEqualTo(new BigInteger("18446744073709551615"));
    assertThat(Rlimit.parse("core=-1").soft()).isEqualTo(core.hard());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nofile",
        "files=1",
        "nofile=",
        "nofile=2:1",
        "nofile=-1:5",
        "NOFILE=1",
        "nofile=1:2:3",
        "nofile=-2",
        "nofile= 1"
      })
  void whatIsNoLimitIsRefused(String text) {
    assertThatThrownBy(() -> Rlimit.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }

  @Test
  void limitsComeBackFromTheDocument() throws Exception {
    var defaults =
        ContainerDefaults.USUAL.with(
            ContainerDefaults.Processes.of(List.of(Rlimit.parse("nofile=5:-1")), List.of(), 0));

    var spec = SpecBuilder.build(Inputs.withDefaults(Inputs.plain(), defaults));

    assertThat(OciSpec.parse(spec.toJson()).process().rlimits())
        .containsExactly(Rlimit.parse("nofile=5:-1"));
    assertThat(new String(spec.toJson(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"soft\":5,\"hard\":18446744073709551615");
  }
}
