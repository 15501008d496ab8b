// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SingleFlightTest {
  private final SingleFlight<String, String> flights =
      new SingleFlight<>(Thread.ofVirtual().factory());

  /// An operation that heeds an interrupt after a while.
  private static final class Slow {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicBoolean ended = new AtomicBoolean();

    String run() throws InterruptedException {
      try {
        begun.countDown();
        new CountDownLatch(1).await();
        return "never";
      } catch (InterruptedException e) {
        mayEnd.await();
        ended.set(true);
        throw e;
      }
    }
  }

  @Test
  void theLastCallerLeavesWhenTheOperationHasEnded() throws Exception {
    var slow = new Slow();
    var call = new FutureTask<>(() -> flights.runAtLeastOwn("k", slow::run));
    var ended =
        new FutureTask<>(() -> {
          try {
            call.run();
            return call.get();
          } finally {
            assertThat(slow.ended).isTrue();
          }
        });
    var caller = Thread.ofVirtual().start(ended);
    slow.begun.await();
    caller.interrupt();
    Thread.sleep(20);
    assertThat(ended.isDone()).isFalse();
    slow.mayEnd.countDown();
    assertThatThrownBy(ended::get)
        .isInstanceOf(ExecutionException.class)
        .rootCause()
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void oneOfTwoLeavesAtOnce() throws Exception {
    var go = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var stays =
          callers.submit(() ->
              flights.runAtLeastOwn(
                  "k",
                  () -> {
                    begun.countDown();
                    go.await();
                    return "brought";
                  }));
      begun.await();
      var leaves = new FutureTask<>(() -> flights.runAtLeastOwn("k", () -> "another"));
      var leaver = Thread.ofVirtual().start(leaves);
      while (leaver.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
      leaver.interrupt();
      assertThatThrownBy(leaves::get).hasCauseInstanceOf(InterruptedException.class);
      go.countDown();
      assertThat(stays.get()).isEqualTo("brought");
    }
  }
}
