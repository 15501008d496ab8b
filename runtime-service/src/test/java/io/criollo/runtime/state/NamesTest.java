// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
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
  void whoJoinedAFailedOperationDoesNotEndTheNextOne() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = new Blocked("first", true);
      var _ = threads.submit(() -> names.share("pod", first));
      first.started.await();
      var joined = joining(() -> names.share("pod", () -> "joined"));
      first.finish.countDown();
      assertThatThrownBy(joined::get).hasRootCauseMessage("first");

      var next = new Blocked("next", false);
      var second = threads.submit(() -> names.share("pod", next));
      next.started.await();
      var third = joining(() -> names.share("pod", () -> "beside it"));
      next.finish.countDown();
      assertThat(second.get()).isEqualTo("next");
      assertThat(third.get()).isEqualTo("next");
    }
    assertThat(names.share("pod", () -> "anew")).isEqualTo("anew");
  }

  @Test
  void whatMustSucceedIsRunWhenTheOperationItJoinedFails() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = new Blocked("first", true);
      var failed = threads.submit(() -> names.share("pod", first));
      first.started.await();
      var joined = joining(() -> names.shareSuccess("pod", () -> "own"));
      first.finish.countDown();
      assertThatThrownBy(failed::get).hasRootCauseMessage("first");
      assertThat(joined.get()).isEqualTo("own");

      var next = new Blocked("next", false);
      var _ = threads.submit(() -> names.share("pod", next));
      next.started.await();
      var content = joining(() -> names.shareSuccess("pod", () -> "own"));
      next.finish.countDown();
      assertThat(content.get()).isEqualTo("next");
    }
    assertThatThrownBy(() -> names.shareSuccess("pod", new Blocked("own", true).finished()))
        .hasMessage("own");
  }

  private static FutureTask<String> joining(Callable<String> call) throws InterruptedException {
    var task = new FutureTask<>(call);
    var thread = Thread.ofVirtual().start(task);
    while (thread.getState() != Thread.State.WAITING) {
      Thread.sleep(5);
    }
    return task;
  }

  /// An operation that ends when it is told to.
  private record Blocked(String name, boolean fails, CountDownLatch started, CountDownLatch finish)
      implements Callable<String> {
    Blocked(String name, boolean fails) {
      this(name, fails, new CountDownLatch(1), new CountDownLatch(1));
    }

    Blocked finished() {
      finish.countDown();
      return this;
    }

    @Override
    public String call() throws Exception {
      started.countDown();
      finish.await();
      if (fails) {
        throw new IOException(name);
      }
      return name;
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
