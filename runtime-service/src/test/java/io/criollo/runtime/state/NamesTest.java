// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NamesTest {
  private final Names<String> names = new Names<>();

  @Test
  void secondClaimJoinsTheRunningOperation() throws Exception {
    var started = new CountDownLatch(1);
    var finish = new CountDownLatch(1);
    var runs = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(() ->
              names.claim(
                  "pod",
                  () -> {
                    runs.incrementAndGet();
                    started.countDown();
                    finish.await();
                    return "id";
                  }));
      started.await();
      var second = threads.submit(() -> names.claim("pod", () -> "other" + runs.incrementAndGet()));
      finish.countDown();
      assertThat(first.get()).isEqualTo("id");
      assertThat(second.get()).isEqualTo("id");
    }
    assertThat(runs).hasValue(1);
  }

  @Test
  void claimAfterSuccessGetsTheFirstResult() throws Exception {
    names.claim("pod", () -> "id");
    assertThat(names.claim("pod", () -> "other")).isEqualTo("id");
  }

  @Test
  void failureFreesTheNameBeforeItIsThrown() throws Exception {
    assertThatThrownBy(() ->
            names.claim(
                "pod",
                () -> {
                  throw new IOException("no address left");
                }))
        .isInstanceOf(IOException.class)
        .hasMessage("no address left");
    assertThat(names.claim("pod", () -> "second")).isEqualTo("second");
  }

  @Test
  void joinersOfAFailedOperationGetItsFailure() throws Exception {
    var started = new CountDownLatch(1);
    var finish = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(() ->
              names.claim(
                  "pod",
                  () -> {
                    started.countDown();
                    finish.await();
                    throw new IOException("plugin died");
                  }));
      started.await();
      var second =
          Thread.ofVirtual()
              .unstarted(() -> assertThatThrownBy(first::get).hasRootCauseMessage("plugin died"));
      second.start();
      finish.countDown();
      second.join();
      assertThatThrownBy(first::get).hasRootCauseMessage("plugin died");
    }
  }

  @Test
  void releasedAndRestoredNames() throws Exception {
    names.restore("pod", "old");
    assertThat(names.claim("pod", () -> "new")).isEqualTo("old");
    names.release("pod");
    assertThat(names.claim("pod", () -> "new")).isEqualTo("new");
  }
}
