// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkingDirPartTest {
  @Test
  void requestThenImageThenRoot() {
    assertThat(of("/a", "/b")).isEqualTo("/a");
    assertThat(of("", "/b//c/.")).isEqualTo("/b/c");
    assertThat(of("", "")).isEqualTo("/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "./a",
        "/a/../b",
        "/proc",
        "/proc/self/fd/8",
        "//proc//self/cwd",
        "/a\n",
        "/a\0b",
        "C:\\"
      })
  void badDirectoriesAreRefusedWhoeverGivesThem(String directory) {
    assertThatThrownBy(() -> of(directory, ""))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("config.working_dir");
    assertThatThrownBy(() -> of("", directory))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("working dir of the image");
  }

  private static String of(String requested, String image) {
    return WorkingDirPart.of(
        Inputs.container(c -> c.setWorkingDir(requested)).container(),
        Inputs.image(List.of(), List.of(), List.of(), image));
  }
}
