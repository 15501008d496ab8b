// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.config.ConfigException;
import io.criollo.runtime.config.ConfigLoader;
import io.criollo.runtime.config.ConfigSources;
import io.criollo.runtime.config.Configuration;
import io.criollo.runtime.config.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
  private static final Logger OURS = Logger.getLogger("io.criollo");

  @TempDir Path dir;
  private Level before;

  @BeforeEach
  void remember() {
    before = OURS.getLevel();
  }

  @AfterEach
  void putBack() {
    OURS.setLevel(before);
  }

  private Configuration configuration() throws ConfigException {
    return ConfigLoader.load(ConfigSources.of(dir.resolve("c.conf")), Map.of(), Map.of());
  }

  private void conf(String text) throws IOException {
    var crun = Files.writeString(dir.resolve("crun"), "");
    assertThat(crun.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        dir.resolve("c.conf"),
        text + "\n[crio.runtime.runtimes.crun]\nruntime_path = \"" + crun + "\"\n");
  }

  @Test
  void theLogLevelIsTakenOver() throws Exception {
    conf("");
    var reload = new Reload(configuration(), this::configuration);
    conf("[crio.runtime]\nlog_level = \"debug\"");
    reload.run();
    assertThat(OURS.getLevel()).isEqualTo(Level.FINE);
  }

  @Test
  void aFaultyConfigurationChangesNothing() throws Exception {
    conf("[crio.runtime]\nlog_level = \"warn\"");
    var reload = new Reload(configuration(), this::configuration);
    reload.run();
    conf("[crio.runtime]\nlog_level = \"debug\"\nnonsense = 1");
    reload.run();
    assertThat(OURS.getLevel()).isEqualTo(Level.WARNING);
  }

  @Test
  void otherChangesNeedARestart() throws Exception {
    conf("");
    var reload = new Reload(configuration(), this::configuration);
    conf("[crio.runtime]\nlog_level = \"debug\"\n[crio.api]\nstream_port = \"10010\"");
    assertThat(reload.needRestart(configuration())).containsExactly(Option.STREAM_PORT);
    conf("[crio.api]\nstream_port = \"0\"");
    assertThat(reload.needRestart(configuration())).isEmpty();
  }
}
