// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ParsedName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistriesConfTest {
  private static final InstantSource LATER =
      InstantSource.offset(InstantSource.system(), Duration.ofHours(1));

  @TempDir Path folder;

  private RegistriesConf conf(InstantSource clock) {
    return new RegistriesConf(
        folder.resolve("registries.conf"),
        folder.resolve("registries.conf.d"),
        Optional.empty(),
        clock);
  }

  private void write(String name, String registry) throws Exception {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "unqualified-search-registries = [\"%s\"]".formatted(registry));
  }

  private static String meaning(RegistriesConf conf) throws Exception {
    return conf.now().candidates(ParsedName.parse("busybox")).getFirst().toString();
  }

  @Test
  void filesThatStayAreReadOnce() throws Exception {
    write("registries.conf", "one.example");
    var conf = conf(LATER);
    assertThat(conf.now()).isSameAs(conf.now());
    assertThat(meaning(conf)).startsWith("one.example/");
  }

  @Test
  void aChangeIsSeenAtOnce() throws Exception {
    write("registries.conf", "one.example");
    var conf = conf(LATER);
    assertThat(meaning(conf)).startsWith("one.example/");
    write("registries.conf", "another.example");
    assertThat(meaning(conf)).startsWith("another.example/");
    write("registries.conf.d/10-last.conf", "last.example");
    assertThat(meaning(conf)).startsWith("last.example/");
    Files.delete(folder.resolve("registries.conf.d/10-last.conf"));
    assertThat(meaning(conf)).startsWith("another.example/");
    Files.delete(folder.resolve("registries.conf"));
    assertThat(meaning(conf)).startsWith("docker.io/");
  }

  @Test
  void whatHasJustBeenWrittenIsReadAgain() throws Exception {
    write("registries.conf", "one.example");
    var conf = conf(InstantSource.system());
    assertThat(conf.now()).isNotSameAs(conf.now());
  }

  @Test
  void theModeOfShortNamesMayBeDecidedElsewhere() throws Exception {
    Files.writeString(
        folder.resolve("registries.conf"),
        """
        unqualified-search-registries = ["a.example", "b.example"]
        short-name-mode = "permissive"
        """);
    var name = ParsedName.parse("busybox");

    assertThat(with(Optional.empty()).pullCandidates(name)).hasSize(2);
    assertThat(with(Optional.of(ShortNameMode.DISABLED)).pullCandidates(name)).hasSize(2);
    assertThatThrownBy(() -> with(Optional.of(ShortNameMode.ENFORCING)).pullCandidates(name))
        .hasMessageContaining("is ambiguous");
  }

  private Registries with(Optional<ShortNameMode> mode) throws Exception {
    var none = folder.resolve("none");
    return new RegistriesConf(folder.resolve("registries.conf"), none, mode).now();
  }

  private void write(String registry) throws Exception {
    write("registries.conf", registry);
  }

  private void breakBy(String text) throws Exception {
    Files.writeString(folder.resolve("registries.conf"), text);
  }

  @Test
  void aFileThatIsBrokenAtTheStartIsRefusedUntilItIsMended() throws Exception {
    breakBy("unqualified-search-registries = 7");
    var conf = conf(LATER);
    assertThatThrownBy(conf::now).isInstanceOf(ImageException.class);
    assertThatThrownBy(conf::now)
        .hasMessageContaining("registries.conf: unqualified-search-registries must be a list");
    write("one.example");
    assertThat(meaning(conf)).startsWith("one.example/");
  }

  @Test
  void aFileThatBreaksLaterLeavesWhatItSaidBefore() throws Exception {
    for (var clock : List.of(LATER, InstantSource.system())) {
      write("one.example");
      var conf = conf(clock);
      assertThat(meaning(conf)).startsWith("one.example/");
      breakBy("unqualified-search-registries = 7");
      assertThat(meaning(conf)).startsWith("one.example/");
      write("another.example");
      assertThat(meaning(conf)).startsWith("another.example/");
    }
  }

  @Test
  void aBrokenFileIsToldOnceForEachChange() throws Exception {
    write("one.example");
    var conf = conf(LATER);
    var _ = conf.now();
    try (var warnings = Warnings.of(RegistriesConf.class)) {
      breakBy("unqualified-search-registries = 7");
      assertThat(meaning(conf)).isEqualTo(meaning(conf));
      assertThat(warnings.texts())
          .singleElement()
          .asString()
          .contains("stay as they were: " + folder + "/registries.conf: unqualified-");

      breakBy("unqualified-search-registries = ");
      assertThat(meaning(conf)).startsWith("one.example/");
      assertThat(warnings.texts()).hasSize(2);
    }
  }

  @Test
  void anUnreadableFileIsNamed() throws Exception {
    write("one.example");
    var conf = conf(LATER);
    var _ = conf.now();
    try (var warnings = Warnings.of(RegistriesConf.class)) {
      Files.createDirectories(folder.resolve("registries.conf.d/10-a-folder.conf"));
      assertThat(meaning(conf)).startsWith("one.example/");
      Files.delete(folder.resolve("registries.conf.d/10-a-folder.conf"));
      Files.write(folder.resolve("registries.conf"), new byte[] {(byte) 0xff, (byte) 0xfe});
      assertThat(meaning(conf)).startsWith("one.example/");
      assertThat(warnings.texts())
          .satisfiesExactly(
              first -> assertThat(first).contains("10-a-folder.conf"),
              second -> assertThat(second).contains("read " + folder + "/registries.conf: "));
    }
  }
}
