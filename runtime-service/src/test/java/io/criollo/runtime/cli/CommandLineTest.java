// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.config.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  @TempDir Path dir;

  @Test
  void servesWithoutAWord() throws Exception {
    assertThat(CommandLine.parse().verb()).isEqualTo(Verb.SERVE);
  }

  @Test
  void optionsStandBeforeOrAfterTheVerbInBothForms() throws Exception {
    var file =
        Files.writeString(
            dir.resolve("c.conf"), "[crio]\nroot = \"/a\"\n[crio.network]\nnetwork_dir = \"/n\"");

    var line =
        CommandLine.parse(
            "-c",
            file.toString(),
            "config",
            "--root=/b",
            "--cni-plugin-dir",
            "/x:/y",
            "--cni-plugin-dir=/z",
            "--pinned-images",
            "a:1,b:2",
            "-l",
            "error",
            "-l",
            "debug");
    var config = line.configuration();

    assertThat(line.verb()).isEqualTo(Verb.CONFIG);
    assertThat(config.requiredPath(Option.ROOT)).hasToString("/b");
    assertThat(config.requiredPath(Option.NETWORK_DIR)).hasToString("/n");
    assertThat(config.texts(Option.PLUGIN_DIRS)).containsExactly("/x", "/y", "/z");
    assertThat(config.texts(Option.PINNED_IMAGES)).containsExactly("a:1", "b:2");
    assertThat(config.text(Option.LOG_LEVEL)).hasValue("debug");
  }

  @Test
  void howToCheckIsSaidToCheckOnly() throws Exception {
    assertThat(CommandLine.parse("check", "--repair", "--quick").checkWords())
        .isEqualTo("quick repair");
    assertThat(CommandLine.parse("check").checkWords()).isEmpty();
    assertThatThrownBy(() -> CommandLine.parse("status", "--repair"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--repair belongs to check");
  }

  @Test
  void aSwitchStandsAlone() throws Exception {
    var files = new String[] {"--stream-tls-cert", "/cert", "--stream-tls-key", "/key"};
    for (var flag : new String[] {"--stream-enable-tls", "--stream-enable-tls=true"}) {
      var line =
          CommandLine.parse(
              Stream.concat(Stream.of(flag), Stream.of(files)).toArray(String[]::new));
      assertThat(line.configuration().isOn(Option.STREAM_ENABLE_TLS)).isTrue();
    }
    assertThat(
            CommandLine.parse("--stream-enable-tls=false")
                .configuration()
                .isOn(Option.STREAM_ENABLE_TLS))
        .isFalse();
  }

  @Test
  void dropInsCanBeElsewhere() throws Exception {
    var file = Files.writeString(dir.resolve("c.conf"), "");
    Files.writeString(
        Files.createDirectory(dir.resolve("more")).resolve("1.conf"), "[crio]\nroot = \"/d\"");
    var line =
        CommandLine.parse("--config=" + file, "--config-dir", dir.resolve("more").toString());
    assertThat(line.configuration().requiredPath(Option.ROOT)).hasToString("/d");
  }

  @Test
  void builtInConfigurationIsThatOfNoFile() throws Exception {
    var config = CommandLine.parse("config", "--default").configuration();
    assertThat(config.files()).isEmpty();
    assertThat(config.requiredPath(Option.ROOT)).hasToString("/var/lib/criollo");
  }

  @Test
  void listenTakesTheKubeletsForm() throws Exception {
    var line = CommandLine.parse("config", "--default", "--listen", "unix:///tmp/c.sock");
    assertThat(line.configuration().requiredPath(Option.LISTEN)).hasToString("/tmp/c.sock");
  }

  @Test
  void helpAndVersionGoBeforeAllElse() throws Exception {
    assertThat(CommandLine.parse("config", "--help").verb()).isEqualTo(Verb.HELP);
    assertThat(CommandLine.parse("-h").verb()).isEqualTo(Verb.HELP);
    assertThat(CommandLine.parse("help").verb()).isEqualTo(Verb.HELP);
    assertThat(CommandLine.parse("--version").verb()).isEqualTo(Verb.VERSION);
  }

  @Test
  void wrongWordIsNamed() {
    assertWrong("unknown option --rot", "--rot", "/x");
    assertWrong("unknown command serv", "serv");
    assertWrong("--root needs a value", "--root");
    assertWrong("--root must be an absolute path, is \"x\"", "--root=x");
    assertWrong("one command at a time, not [config, version]", "config", "version");
    assertWrong("--default belongs to config", "--default");
  }

  @Test
  void helpTellsEveryCommandAndOption() {
    for (var verb : Verb.values()) {
      assertThat(Usage.text()).contains(verb.word());
    }
    for (var option : Option.values()) {
      assertThat(Usage.text()).contains(option.flag(), option.key(), option.variable());
    }
    assertThat(Usage.text().lines())
        .allMatch(line -> line.length() <= 100)
        .noneMatch(line -> line.endsWith(" "));
  }

  @Test
  void flagsThatOnlyCriOHasAreRefusedWithAdvice() {
    assertWrong(
        "--storage-driver, which CRI-O has, has no effect: layers are stacked by overlayfs alone;"
            + " take it out",
        "--storage-driver=overlay");
    for (var flag :
        List.of("--insecure-registry", "--runtimes", "--log-format", "--nri-listen", "--conmon")) {
      assertThatThrownBy(() -> CommandLine.parse(flag, "x"))
          .isInstanceOf(UsageException.class)
          .hasMessageStartingWith(flag + ", which CRI-O has,");
    }
    assertWrong("unknown option --nonsense", "--nonsense");
  }

  private static void assertWrong(String message, String... args) {
    assertThatThrownBy(() -> CommandLine.parse(args))
        .isInstanceOf(UsageException.class)
        .hasMessage(message + "; see criollo --help");
  }
}
