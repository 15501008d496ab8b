// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Sends messages no faster than the client reads them. gRPC tells of a client's doings only when
/// the call's own thread is free, so another virtual thread sends.
final class MessageStream<T> {
  private final Answer.Call<T> call;
  private final ServerCallStreamObserver<T> to;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean left;

  MessageStream(Answer.Call<T> call, ServerCallStreamObserver<T> to) {
    this.call = call;
    this.to = to;
  }

  void start(Callable<? extends MessageSource<T>> open) {
    MessageSource<T> source;
    try {
      source = open.call();
    } catch (Throwable e) {
      call.fail(e);
      return;
    }
    to.setOnReadyHandler(() -> wake(false));
    to.setOnCancelHandler(() -> {
      wake(true);
      source.close();
    });
    Thread.ofVirtual().name("stream-" + call.rpc()).start(() -> send(source));
  }

  private void send(MessageSource<T> messages) {
    try (var source = messages) {
      for (var next = source.next(); next.isPresent(); next = source.next()) {
        if (!awaitReady()) {
          return;
        }
        to.onNext(next.get());
      }
      if (!to.isCancelled()) {
        call.complete();
      }
    } catch (Throwable e) {
      call.fail(e);
    }
  }

  /// {@return whether the client is still there}
  private boolean awaitReady() throws InterruptedException {
    lock.lock();
    try {
      while (!left && !to.isCancelled() && !to.isReady()) {
        changed.await();
      }
      return !left && !to.isCancelled();
    } finally {
      lock.unlock();
    }
  }

  private void wake(boolean gone) {
    lock.lock();
    try {
      left |= gone;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
