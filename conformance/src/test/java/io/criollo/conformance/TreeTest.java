// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeTest {
  private static final int LOOKS = 2000;

  @Test
  void foldersComeBeforeWhatIsInThem(@TempDir Path folder) throws Exception {
    var deep = Files.createDirectories(folder.resolve("a/b/c"));
    assertThat(Tree.of(folder, 2))
        .isEqualTo(List.of(folder, folder.resolve("a"), folder.resolve("a/b")));
    assertThat(Tree.of(folder, Integer.MAX_VALUE)).last().isEqualTo(deep);
  }

  @Test
  void whatGoesMeanwhileIsNoFailure(@TempDir Path folder) throws Exception {
    var stays = Files.createFile(folder.resolve("stays"));
    var enough = new AtomicBoolean();
    try (var other = Executors.newVirtualThreadPerTaskExecutor()) {
      var clearing =
          other.submit(() -> {
            while (!enough.get()) {
              var inner = Files.createDirectories(folder.resolve("goes/inner"));
              Files.delete(inner);
              Files.delete(inner.getParent());
            }
            return null;
          });
      try {
        for (int i = 0; i < LOOKS; i++) {
          assertThat(Tree.of(folder, Integer.MAX_VALUE)).contains(stays);
        }
      } finally {
        enough.set(true);
      }
      clearing.get();
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> Tree.of(folder.resolve("none"), 1))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
  }
}
