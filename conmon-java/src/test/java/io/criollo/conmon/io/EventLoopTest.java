// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.linux.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventLoopTest {
  @Test
  void crumbsAreGathered() throws Exception {
    EventLoop loop = EventLoop.start();
    var wakeUps = new AtomicInteger();
    var bytes = new AtomicInteger();
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    Fd[] pipe = Fd.pipe();
    try (Fd in = pipe[0];
        Fd out = pipe[1]) {
      var watched =
          loop.call(() -> {
            loop.watch(
                in,
                () -> {
                  wakeUps.incrementAndGet();
                  bytes.addAndGet(in.read(buffer.clear()));
                });
            return true;
          });
      assertThat(watched).isTrue();
      long begin = System.nanoTime();
      ByteBuffer crumb = ByteBuffer.allocateDirect(1);
      int written = 0;
      while (System.nanoTime() - begin < 300_000_000L) {
        written += out.write(crumb.clear());
      }
      assertThat(written).isGreaterThan(1000);
      assertThat(wakeUps.get()).isLessThan(written / 2);
      loop.call(() -> {
        loop.unwatch(in);
        return true;
      });
    }
  }

  @Test
  void aFailingHandlerHarmsNoOther() throws Exception {
    EventLoop loop = EventLoop.start();
    Fd[] bad = Fd.pipe();
    Fd[] good = Fd.pipe();
    var seen = new CountDownLatch(1);
    bad[1].writeAll(new byte[1]);
    good[1].writeAll(new byte[1]);
    loop.call(() -> {
      loop.watch(
          bad[0],
          () -> {
            throw new IOException("on purpose");
          });
      loop.after(
          Duration.ofMillis(50),
          () ->
              loop.watch(
                  good[0],
                  () -> {
                    loop.unwatch(good[0]);
                    seen.countDown();
                  }));
      return true;
    });
    assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() ->
            loop.call(() -> {
              throw new IOException("passed on");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("passed on");
    loop.call(() -> {
      loop.unwatch(bad[0]);
      return true;
    });
    for (Fd fd : new Fd[] {bad[0], bad[1], good[0], good[1]}) {
      fd.close();
    }
  }
}
