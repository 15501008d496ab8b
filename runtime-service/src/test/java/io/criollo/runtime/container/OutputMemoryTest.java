// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.protocol.Stream;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutputMemoryTest {
  private static final byte[] SMALL = new byte[1000];
  private static final byte[] LARGE = new byte[1 << 20];

  private final OutputMemory memory = new OutputMemory(100, 100);

  private Thread taking(OutputMemory.Output output, CountDownLatch taken) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            output.take(Stream.STDOUT, LARGE);
            taken.countDown();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void theStreamsComeBackApart() throws Exception {
    var output = memory.begin();
    output.take(Stream.STDOUT, new byte[] {1});
    output.take(Stream.STDERR, new byte[] {3});
    output.take(Stream.STDOUT, new byte[] {2});
    assertThat(output.stdout().toByteArray()).containsExactly(1, 2);
    assertThat(output.stderr().toByteArray()).containsExactly(3);
  }

  @Test
  void aLargeOneWaitsForTheOtherAndSmallOnesDoNot() throws Exception {
    var first = memory.begin();
    first.take(Stream.STDOUT, LARGE);
    first.take(Stream.STDOUT, LARGE);
    var second = memory.begin();
    var taken = new CountDownLatch(1);
    var taker = taking(second, taken);
    while (taker.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    memory.begin().take(Stream.STDERR, SMALL);
    assertThat(taken.getCount()).isEqualTo(1);

    first.release();
    taken.await();
    assertThat(second.stdout().size()).isEqualTo(LARGE.length);
    first.release();
    second.release();

    memory.begin().take(Stream.STDOUT, LARGE);
  }

  @Test
  void whoseClientHasLeftKeepsNothing() throws Exception {
    var left = memory.begin();
    left.release();
    left.take(Stream.STDOUT, LARGE);

    memory.begin().take(Stream.STDOUT, LARGE);
  }
}
