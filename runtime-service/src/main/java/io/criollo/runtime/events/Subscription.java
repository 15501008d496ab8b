// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.events;

import io.criollo.cri.v1.ContainerEventResponse;
import io.criollo.runtime.state.Refusal;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The events that one client has still to get. A client that reads too slowly is told so and gets
/// nothing more: it has to list everything and subscribe again. Nothing is left out silently.
public final class Subscription implements AutoCloseable {
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<PodEvent> waiting;
  private final Consumer<Subscription> whenClosed;
  private @Nullable Refusal failure;
  private boolean closed;

  /// @param most events that may wait
  /// @param first those that wait from the beginning
  Subscription(int most, Collection<PodEvent> first, Consumer<Subscription> whenClosed) {
    this.most = most;
    this.waiting = new ArrayDeque<>(first);
    this.whenClosed = whenClosed;
  }

  void offer(PodEvent event) {
    lock.lock();
    try {
      if (closed || failure != null) {
        return;
      }
      if (waiting.size() >= most) {
        fail(
            new Refusal.ResourceExhausted(
                "the client is " + most + " events behind: list everything and subscribe again"));
        return;
      }
      waiting.add(event);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// No more events; those that wait are dropped, since they would never be complete.
  void fail(Refusal reason) {
    lock.lock();
    try {
      failure = failure == null ? reason : failure;
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// {@return the next event, as soon as there is one; empty when the subscription is closed}
  ///
  /// @throws Refusal when there will be no more
  public Optional<ContainerEventResponse> next() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed && failure == null) {
        changed.await();
      }
      if (failure != null) {
        throw failure;
      }
      return closed ? Optional.empty() : Optional.of(waiting.remove().message());
    } finally {
      lock.unlock();
    }
  }

  /// The client has left.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    whenClosed.accept(this);
  }
}
