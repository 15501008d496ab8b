// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.spdy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpdyLimitsTest {
  @Test
  void aControlFrameAboveTheLimitIsFoundInAnyCutting() {
    var random = new Random(3);
    for (int i = 0; i < 500; i++) {
      var channel = new EmbeddedChannel(new ControlFrameLimit(100));
      var frames = Unpooled.buffer();
      frame(frames, 0x8003_0001, 100);
      frame(frames, 0x0000_0001, 100_000);
      frame(frames, 0x8003_0006, 4);
      while (frames.isReadable()) {
        int size = Math.min(frames.readableBytes(), 1 + random.nextInt(30_000));
        channel.writeInbound(frames.readBytes(size));
      }
      frame(frames, 0x8003_0001, 101);
      assertThatThrownBy(
              () -> {
                while (frames.isReadable()) {
                  channel.writeInbound(frames.readBytes(1));
                }
              })
          .isInstanceOf(TooLongFrameException.class);
      assertThat(frames.readableBytes()).isEqualTo(101);
      frames.release();
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aRateAllowsABurstAndThenItsAverage() {
    var clock = new AtomicLong();
    var limit = new RateLimit(10, clock::get);
    for (int i = 0; i < 20; i++) {
      assertThat(limit.allows()).isTrue();
    }
    assertThat(limit.allows()).isFalse();
    clock.addAndGet(Duration.ofMillis(100).toNanos());
    assertThat(limit.allows()).isTrue();
    assertThat(limit.allows()).isFalse();
    clock.addAndGet(Duration.ofHours(1).toNanos());
    for (int i = 0; i < 20; i++) {
      assertThat(limit.allows()).isTrue();
    }
    assertThat(limit.allows()).isFalse();
  }

  private static void frame(ByteBuf into, int first, int length) {
    into.writeInt(first).writeInt(length).writeZero(length);
  }
}
