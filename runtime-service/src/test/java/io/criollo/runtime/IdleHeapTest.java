// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleHeapTest {
  private static final long MEBIBYTE = 1 << 20;

  private long committed = 10 * MEBIBYTE;
  private int collections;
  private final IdleHeap heap = new IdleHeap(() -> committed, this::collect);

  private void collect() {
    collections++;
    committed = 12 * MEBIBYTE;
  }

  @Test
  void aHeapThatHasGrownIsCollectedOnceWhenAllIsQuiet() {
    committed = 70 * MEBIBYTE;
    heap.look(Duration.ofSeconds(15));
    assertThat(collections).as("while there is much to do").isZero();

    heap.look(Duration.ofSeconds(16));
    heap.look(Duration.ofSeconds(17));

    assertThat(collections).isEqualTo(1);
  }

  @Test
  void aHeapThatHasGrownMuchIsCollectedOnceInTheMidstOfWork() {
    committed = 80 * MEBIBYTE;
    heap.look(Duration.ofSeconds(15));
    heap.look(Duration.ofSeconds(30));

    assertThat(collections).isEqualTo(1);
  }

  @Test
  void aHeapThatDoesNotShrinkIsLeftAlone() {
    var full = new IdleHeap(() -> committed, () -> collections++);
    committed = 200 * MEBIBYTE;

    full.look(Duration.ZERO);
    full.look(Duration.ZERO);

    assertThat(collections).isEqualTo(1);
  }

  @Test
  void aHeapThatHasGrownLittleIsLeftAlone() {
    committed = 20 * MEBIBYTE;

    heap.look(Duration.ZERO);

    assertThat(collections).isZero();
  }
}
