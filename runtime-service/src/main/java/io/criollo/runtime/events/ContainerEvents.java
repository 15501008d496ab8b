// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.events;

import io.criollo.runtime.state.Changes;
import io.criollo.runtime.state.ContainerRecord;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// GetContainerEvents: every change of a pod or container, in order, to everyone who asked. Those
/// who subscribe soon after the daemon has started get all since then, with the ends that nobody
/// saw while it was away. Thread-safe; its lock is held for moments only.
public final class ContainerEvents implements Changes, AutoCloseable {
  private static final int MOST_WAITING = 16_384;
  private static final int MOST_SUBSCRIBERS = 64;

  /// As long as a client may need to find out that the daemon is back.
  private static final Duration REPLAYED = Duration.ofMinutes(5);

  private final Pods pods;
  private final Containers containers;
  private final Clock clock;
  private final Instant replayedUntil;
  private final Set<Subscription> subscribers = new LinkedHashSet<>();
  private final Deque<PodEvent> sinceStart = new ArrayDeque<>();
  private boolean replayed = true;
  private boolean closed;

  public ContainerEvents(Pods pods, Containers containers, Clock clock) {
    this.pods = pods;
    this.containers = containers;
    this.clock = clock;
    replayedUntil = clock.instant().plus(REPLAYED);
  }

  /// Who gets it reads it on a thread of its own and closes it.
  public synchronized Subscription subscribe() {
    if (closed) {
      throw stopping();
    }
    if (subscribers.size() >= MOST_SUBSCRIBERS) {
      throw new Refusal.ResourceExhausted(
          "there are " + MOST_SUBSCRIBERS + " subscribers to events already");
    }
    forgetAfterAWhile();
    var subscription = new Subscription(MOST_WAITING, sinceStart, this::forget);
    subscribers.add(subscription);
    return subscription;
  }

  @Override
  public void pod(Kind kind, PodRecord pod) {
    publish(kind, pod.id().hex(), pod.id(), Optional.of(pod));
  }

  @Override
  public void container(Kind kind, ContainerRecord container) {
    var pod = container.pod();
    publish(kind, container.id().hex(), pod, pods.find(pod.hex()).map(found -> found.record()));
  }

  private synchronized void publish(Kind kind, String id, PodId pod, Optional<PodRecord> record) {
    forgetAfterAWhile();
    if (subscribers.isEmpty() && !replayed) {
      return;
    }
    var event = new PodEvent(kind, id, clock.instant(), record, containersOf(pod));
    if (replayed) {
      sinceStart.add(event);
    }
    subscribers.forEach(one -> one.offer(event));
  }

  private List<ContainerRecord> containersOf(PodId pod) {
    return containers.of(pod).stream().map(one -> one.record()).toList();
  }

  private void forgetAfterAWhile() {
    if (clock.instant().isAfter(replayedUntil) || sinceStart.size() >= MOST_WAITING) {
      replayed = false;
      sinceStart.clear();
    }
  }

  private synchronized void forget(Subscription subscription) {
    subscribers.remove(subscription);
  }

  /// Ends all streams, so that their clients turn to the next daemon.
  @Override
  public synchronized void close() {
    closed = true;
    subscribers.forEach(one -> one.fail(stopping()));
    sinceStart.clear();
  }

  private static Refusal stopping() {
    return new Refusal.Unavailable("the daemon is stopping: subscribe to the next one");
  }
}
