// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgsPartTest {
  @Test
  void commandReplacesEntrypointAndCommandOfTheImage() {
    assertThat(of(List.of("a"), List.of(), List.of("e"), List.of("c"))).containsExactly("a");
    assertThat(of(List.of("a"), List.of("b"), List.of("e"), List.of("c")))
        .containsExactly("a", "b");
  }

  @Test
  void argsAloneReplaceOnlyTheCommandOfTheImage() {
    assertThat(of(List.of(), List.of("b"), List.of("e"), List.of("c"))).containsExactly("e", "b");
  }

  @Test
  void imageSaysTheRest() {
    assertThat(of(List.of(), List.of(), List.of("e"), List.of("c"))).containsExactly("e", "c");
    assertThat(of(List.of(), List.of(), List.of(), List.of("c"))).containsExactly("c");
  }

  @Test
  void nothingToRunIsRefused() {
    refused(List.of(), "no command");
    refused(List.of("", "x"), "config.command[0]");
  }

  @Test
  void wordsThatExecveDoesNotTakeAreRefused() {
    refused(List.of("a\0b"), "NUL");
    refused(List.of("a", "x".repeat(128 * 1024)), "128 KiB");
    assertThat(of(List.of("x".repeat(128 * 1024 - 1)), List.of(), List.of(), List.of())).hasSize(1);
  }

  private static void refused(List<String> command, String text) {
    assertThatThrownBy(() -> of(command, List.of(), List.of(), List.of()))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text);
  }

  private static List<String> of(
      List<String> command, List<String> args, List<String> entrypoint, List<String> cmd) {
    var config = ContainerConfig.newBuilder().addAllCommand(command).addAllArgs(args).build();
    return ArgsPart.of(config, Inputs.image(List.of(), entrypoint, cmd, ""));
  }
}
