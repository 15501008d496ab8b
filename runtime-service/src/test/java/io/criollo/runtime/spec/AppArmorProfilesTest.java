// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppArmorProfilesTest {
  @TempDir private Path dir = Path.of("");
  private AppArmorProfiles profiles = new AppArmorProfiles(dir);

  @BeforeEach
  void make() throws Exception {
    profiles =
        new AppArmorProfiles(
            Files.writeString(dir.resolve("enabled"), "Y\n"),
            Files.writeString(dir.resolve("loaded"), "criollo-default (enforce)\n"),
            Files.writeString(dir.resolve("copy"), AppArmorProfiles.text()));
  }

  @Test
  void aConfiguredProfileIsNeededAlsoWhileItIsNotLoaded() throws Exception {
    assertThat(profiles.ready("later")).contains("later");
  }

  @Test
  void theDefaultOneIsOurOwnUnderEitherName() throws Exception {
    for (var name : new String[] {"", "criollo-default", "crio-default"}) {
      assertThat(profiles.ready(name)).contains("criollo-default");
    }
  }

  @Test
  void withoutAppArmorNothingIsNeeded() throws Exception {
    assertThat(profiles.ready("unconfined")).isEmpty();
    Files.writeString(profiles.enabled(), "N\n");
    assertThat(profiles.ready("later")).isEmpty();
    assertThat(profiles.ready("crio-default")).isEmpty();
  }
}
