// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.linux.DirFd;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SumsTest {
  @TempDir Path folder;

  private interface Notes {
    void in(SumNotes notes) throws Exception;
  }

  private Sums sums(Notes what) throws Exception {
    try (var parent = DirFd.open(folder);
        var notes = SumNotes.beside(parent, "tree")) {
      what.in(notes);
      notes.finish();
    }
    return Sums.read(folder.resolve("tree" + SumNotes.SUFFIX));
  }

  @Test
  void theLatestSumOfAnInodeCounts() throws Exception {
    var random = new Random(20261121);
    var expected = new HashMap<Long, Long>();
    var sums =
        sums(notes -> {
          for (int i = 0; i < 50_000; i++) {
            long inode = 1 + random.nextLong(40_000) * (1L << random.nextInt(30));
            long sum = random.nextLong(1L << 32);
            expected.put(inode, sum);
            notes.add(inode, sum);
          }
        });
    expected.forEach((inode, sum) -> assertThat(sums.of(inode)).isEqualTo(sum));
    assertThat(sums.of(1L << 62)).isEqualTo(SumNotes.UNKNOWN);
  }

  @Test
  void whereNothingWasNotedNothingIsKnown() throws Exception {
    assertThat(Sums.none().of(5)).isEqualTo(SumNotes.UNKNOWN);
    assertThat(sums(_ -> {}).of(5)).isEqualTo(SumNotes.UNKNOWN);
  }

  @Test
  void tooManyNotesAreNoneAtAll() throws Exception {
    var sums =
        sums(notes -> {
          for (int i = 1; i <= 1_000_001; i++) {
            notes.add(i, i);
          }
        });
    assertThat(sums.of(1)).isEqualTo(SumNotes.UNKNOWN);
    assertThat(folder.resolve("tree" + SumNotes.SUFFIX)).isEmptyFile();
  }
}
