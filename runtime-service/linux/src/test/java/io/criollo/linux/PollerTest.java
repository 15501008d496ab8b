// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // closing early is what is tested
class PollerTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void tellsTokensAndEvents() throws Exception {
    var a = Fd.pipe();
    var b = Fd.pipe();
    try (var poller = Poller.open();
        var aOut = a[0];
        var aIn = a[1];
        var bOut = b[0];
        var bIn = b[1]) {
      poller.add(aOut, Poller.IN, 0x1234_5678_9ABC_DEF0L);
      poller.add(bOut, Poller.IN, -2);
      assertThat(poller.await(Duration.ofMillis(1))).isZero();
      assertThat(aIn.write(ByteBuffer.allocateDirect(1))).isEqualTo(1);
      bIn.close();
      assertThat(poller.await(LONG)).isEqualTo(2);
      var first = poller.token(0) == -2 ? 1 : 0;
      assertThat(poller.token(first)).isEqualTo(0x1234_5678_9ABC_DEF0L);
      assertThat(poller.events(first)).isEqualTo(Poller.IN);
      assertThat(poller.token(1 - first)).isEqualTo(-2);
      assertThat(poller.events(1 - first)).isEqualTo(Poller.HUP);
      poller.remove(aOut);
      poller.remove(bOut);
      assertThat(poller.await(Duration.ZERO)).isZero();
      assertThatThrownBy(() -> poller.token(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void wakesFromAnotherThread() throws Exception {
    try (var poller = Poller.open()) {
      var waker =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  poller.wake();
                } catch (LinuxException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(poller.await()).isZero();
      waker.join();
      var start = System.nanoTime();
      assertThat(poller.await(Duration.ofMillis(20))).isZero();
      assertThat(System.nanoTime() - start).isGreaterThan(15_000_000);
    }
  }
}
