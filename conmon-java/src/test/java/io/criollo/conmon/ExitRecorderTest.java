// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.protocol.ExitRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitRecorderTest {
  private static final ExitRecord EXIT =
      new ExitRecord("a".repeat(64), 3, Instant.parse("2026-11-23T12:00:00Z"), true, "");

  @TempDir private Path dir = Path.of("");

  private static List<ExitRecord> told(ExitRecorder exits) {
    var told = new ArrayList<ExitRecord>();
    exits.listen(told::add);
    return told;
  }

  @Test
  void anExitIsKeptForTheNextMonitorUntilItIsTakenAndForgotten() throws IOException {
    var first = ExitRecorder.open(dir);
    assertThat(first.record(EXIT)).isTrue();
    var second = ExitRecorder.open(dir);
    assertThat(told(second)).containsExactly(EXIT);
    second.taken(EXIT.containerId());
    var third = ExitRecorder.open(dir);
    assertThat(told(third)).isEmpty();
    assertThat(third.exit(EXIT.containerId())).contains(EXIT);
    third.forget(EXIT.containerId());
    assertThat(ExitRecorder.open(dir).exit(EXIT.containerId())).isEmpty();
  }

  @Test
  void whatTheDiskDoesNotTakeIsToldAndWrittenLater() throws IOException {
    var exits = ExitRecorder.open(dir);
    var told = told(exits);
    Path folder = dir.resolve("exits");
    Files.delete(folder);

    assertThat(exits.record(EXIT)).isFalse();
    assertThat(told).containsExactly(EXIT);
    assertThat(exits.exit(EXIT.containerId())).contains(EXIT);
    assertThat(exits.write()).isFalse();
    Files.createDirectory(folder);
    assertThat(exits.write()).isTrue();
    assertThat(told(ExitRecorder.open(dir))).containsExactly(EXIT);
  }

  @Test
  void whatIsForgottenIsNotWrittenLater() throws IOException {
    var exits = ExitRecorder.open(dir);
    Path folder = dir.resolve("exits");
    Files.delete(folder);
    assertThat(exits.record(EXIT)).isFalse();
    exits.forget(EXIT.containerId());
    assertThat(exits.write()).isTrue();
    Files.createDirectory(folder);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aMarkThatCannotBeWrittenStopsNothing() throws IOException {
    var exits = ExitRecorder.open(dir);
    assertThat(exits.record(EXIT)).isTrue();
    Files.delete(dir.resolve("taken"));
    exits.taken(EXIT.containerId());
    assertThat(told(exits)).isEmpty();
    assertThat(told(ExitRecorder.open(dir))).containsExactly(EXIT);
  }
}
