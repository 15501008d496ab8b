// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "a\nb", "a\0", "\u0085"})
  void namesThatCouldLeadAstrayAreRefused(String name) {
    assertThatThrownBy(() -> Checks.name("config.metadata.name", name))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageStartingWith("config.metadata.name ");
  }

  @Test
  void namesHaveALimit() {
    assertThatCode(() -> Checks.name("f", "x".repeat(253))).doesNotThrowAnyException();
    assertThatThrownBy(() -> Checks.name("f", "x".repeat(254))).hasMessageContaining("253");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "var/log", "/var/../etc", "/..", "/a\0b"})
  void pathsMustBeAbsoluteAndPlain(String path) {
    assertThatThrownBy(() -> Checks.absolutePath("config.log_directory", path))
        .isInstanceOf(Refusal.InvalidArgument.class);
  }

  @Test
  void namesInPathsHaveALimitInBytes() {
    assertThatCode(() -> Checks.absolutePath("f", "/" + "x".repeat(255) + "/y"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> Checks.absolutePath("f", "/a/" + "ä".repeat(128)))
        .hasMessageContaining("255 bytes");
    assertThatThrownBy(() -> Checks.parts("f", "abc/".repeat(1024)))
        .hasMessageContaining("4095 bytes");
  }

  @Test
  void labelsAreCappedOneByOneAndTogether() {
    assertThatThrownBy(() -> Checks.labels("config.labels", Map.of("k", "v".repeat(4096))))
        .isInstanceOf(Refusal.InvalidArgument.class);
    assertThatThrownBy(() -> Checks.labels("config.labels", Map.of("k", "ä".repeat(2048))))
        .hasMessageContaining("4096 bytes");
    var many = new HashMap<String, String>();
    for (int i = 0; i < 10_000; i++) {
      many.put("key" + i, "v".repeat(30));
    }
    assertThatThrownBy(() -> Checks.annotations("config.annotations", many))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("266240");
  }
}
