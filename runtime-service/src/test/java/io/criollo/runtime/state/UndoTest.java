// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void runsAllStepsInReverse() throws IOException {
    try (var undo = new Undo()) {
      undo.add("unmount", () -> log.add("unmount"));
      undo.add("delete", () -> log.add("delete"));
    }
    assertThat(log).containsExactly("delete", "unmount");
  }

  @Test
  void keptOperationIsNotTakenBack() throws IOException {
    try (var undo = new Undo()) {
      undo.add("unmount", () -> log.add("unmount"));
      undo.keep();
    }
    assertThat(log).isEmpty();
  }

  @Test
  void failingStepsAreSuppressedIntoTheCauseAndTheRestRuns() {
    var thrown =
        catchThrowable(() -> {
          try (var undo = new Undo()) {
            undo.add("first", () -> log.add("first"));
            undo.add("remove cgroup", () -> fail("EBUSY"));
            undo.add("delete network", () -> fail("plugin"));
            throw new IOException("the cause");
          }
        });
    assertThat(thrown).hasMessage("the cause");
    assertThat(thrown.getSuppressed()[0]).hasMessage("delete network: plugin");
    assertThat(thrown.getSuppressed()[0].getSuppressed()[0]).hasMessage("remove cgroup: EBUSY");
    assertThat(log).containsExactly("first");
  }

  private static void fail(String message) throws IOException {
    throw new IOException(message);
  }
}
