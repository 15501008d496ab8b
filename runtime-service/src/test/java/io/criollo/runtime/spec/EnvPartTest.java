// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvPartTest {
  @Test
  void defaultsComeFirst() {
    assertThat(EnvPart.of(Inputs.plain()))
        .containsExactly(
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOSTNAME=pod-1",
            "HOME=/root",
            "IMAGE=1");
  }

  @Test
  void requestWinsOverImageAndImageOverDefaults() {
    var image =
        Inputs.image(List.of("A=image", "B=image", "PATH=/image"), List.of(), List.of(), "");
    var input = Inputs.withImage(variable("A", "request=with=equals"), image);
    assertThat(EnvPart.of(input))
        .contains("A=request=with=equals", "B=image", "PATH=/image")
        .doesNotContain("A=image");
  }

  @Test
  void terminalGetsTerm() {
    assertThat(EnvPart.of(Inputs.container(c -> c.setTty(true)))).contains("TERM=xterm");
    assertThat(EnvPart.of(Inputs.plain())).noneMatch(line -> line.startsWith("TERM="));
  }

  @Test
  void linesOfTheImageThatAreNoVariablesArePassedOver() {
    var image = Inputs.image(List.of("", "=x", "NOVALUE", "OK="), List.of(), List.of(), "");
    assertThat(EnvPart.of(Inputs.withImage(Inputs.plain(), image))).hasSize(4).contains("OK=");
  }

  @ParameterizedTest
  @CsvSource({
    "'A\tB', must not contain control",
    "'', must not be empty",
    "A=B, must not contain '='"
  })
  void badNamesAreRefused(String key, String text) {
    assertThatThrownBy(() -> EnvPart.of(variable(key, "v")))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("config.envs.key")
        .hasMessageContaining(text);
  }

  @Test
  void badValuesAreRefusedAndNotQuoted() {
    assertThatThrownBy(() -> EnvPart.of(variable("A", "secret\0y")))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessage("config.envs.A: must not contain NUL");
    var bytes = ByteString.copyFrom(new byte[] {'a', (byte) 0xff});
    var input = Inputs.container(c -> c.addEnvsBuilder().setKey("SECRET").setValue(bytes));
    assertThatThrownBy(() -> EnvPart.of(input))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("config.envs.SECRET")
        .hasMessageContaining("UTF-8");
  }

  @Test
  void tooMuchInAllIsRefused() {
    var input =
        Inputs.container(c -> {
          for (int i = 0; i < 20; i++) {
            c.addEnvsBuilder()
                .setKey("K" + i)
                .setValue(ByteString.copyFromUtf8("x".repeat(120 * 1024)));
          }
        });
    assertThatThrownBy(() -> SpecBuilder.build(input))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("2 MiB");
  }

  private static SpecInput variable(String key, String value) {
    var bytes = ByteString.copyFromUtf8(value);
    return Inputs.container(c -> c.addEnvsBuilder().setKey(key).setValue(bytes));
  }
}
