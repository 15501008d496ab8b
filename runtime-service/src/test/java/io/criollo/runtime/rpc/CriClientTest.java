// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CriClientTest {
  @TempDir Path dir;

  @Test
  void socketThatNobodyServesIsNamed() throws Exception {
    var missing = dir.resolve("c.sock");
    try (var client = new CriClient(missing)) {
      assertThatThrownBy(client::report)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("no daemon answers on " + missing);
    }
    var file = Files.createFile(dir.resolve("file.sock"));
    try (var client = new CriClient(file)) {
      assertThatThrownBy(client::report)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("no daemon answers on " + file);
    }
  }
}
