// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.config.ConfigException;
import io.criollo.runtime.config.ConfigLoader;
import io.criollo.runtime.config.ConfigSources;
import io.criollo.runtime.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
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
    assertThat(reload.needRestart(configuration())).containsExactly("crio.api.stream_port");
    conf("[crio.api]\nstream_port = \"0\"");
    assertThat(reload.needRestart(configuration())).isEmpty();
  }

  @Test
  void aHandlerThatHasChangedComeOrGoneIsNamed() throws Exception {
    conf(handler("fast", "") + handler("odd", ""));
    var reload = new Reload(configuration(), this::configuration);
    conf(handler("fast", "") + handler("odd", ""));
    assertThat(reload.needRestart(configuration())).isEmpty();

    conf(handler("fast", "container_create_timeout = 90") + handler("more", ""));

    assertThat(reload.needRestart(configuration()))
        .containsExactly(
            "crio.runtime.runtimes.fast",
            "crio.runtime.runtimes.more",
            "crio.runtime.runtimes.odd");
    assertThat(warningsOf(reload::run))
        .contains("crio.runtime.runtimes.fast has changed: restart criollo to apply it");
  }

  @Test
  void warningsAreToldWhenTheyAreNew() throws Exception {
    conf("[crio.runtime]\nno_pivot = true");
    var reload = new Reload(configuration(), this::configuration);
    assertThat(warningsOf(reload::run)).isEmpty();

    conf("[crio.runtime]\nno_pivot = true\nenable_criu_support = true");
    assertThat(warningsOf(reload::run))
        .singleElement()
        .asString()
        .startsWith(dir + "/c.conf: crio.runtime.enable_criu_support has no effect");
    assertThat(warningsOf(reload::run)).isEmpty();
  }

  private String handler(String name, String more) {
    return "[crio.runtime.runtimes.%s]\nruntime_path = \"%s\"\n%s\n"
        .formatted(name, dir.resolve("crun"), more);
  }

  private static List<String> warningsOf(Runnable what) {
    var logger = Logger.getLogger(Reload.class.getName());
    var lines = new ArrayList<String>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getLevel().equals(Level.WARNING)) {
              lines.add(MessageFormat.format(line.getMessage(), line.getParameters()));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      what.run();
    } finally {
      logger.removeHandler(handler);
    }
    return lines;
  }
}
