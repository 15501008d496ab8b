// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cni.CniException;
import io.criollo.cni.CniNetworks;
import io.criollo.cni.PodAttachment;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What is done for networks when no request waits for it: detaching pods that are gone, again and
/// again at growing distances, and checking pods that an earlier daemon attached. A virtual thread
/// each. Closed by `Daemon`: what is not detached by then is found by the next one. Until then the
/// pod's namespaces are kept: without them some plugins leave interfaces and rules behind.
public final class NetworkUpkeep implements AutoCloseable {
  private static final Logger LOG = System.getLogger(NetworkUpkeep.class.getName());
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration SELDOM = Duration.ofMinutes(5);

  private final CniNetworks networks;
  private final Namespaces namespaces;
  private final Duration soon;
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("network-", 0).factory());

  /// What lets a pod's namespaces go.
  @FunctionalInterface
  public interface Namespaces {
    void unpin(String podId) throws IOException;
  }

  public NetworkUpkeep(CniNetworks networks, Namespaces namespaces) {
    this(networks, namespaces, SOON);
  }

  NetworkUpkeep(CniNetworks networks, Namespaces namespaces, Duration soon) {
    this.networks = networks;
    this.namespaces = namespaces;
    this.soon = soon;
  }

  /// {@return whether a pod is still to be detached here, and needs its namespaces for it}
  boolean waits(String podId) {
    return waiting.contains(podId);
  }

  /// Detaches a pod that nobody asks for any more, then lets its namespaces go.
  void detachLater(PodAttachment pod) {
    if (waiting.add(pod.podId())) {
      var _ =
          threads.submit(() -> {
            detach(pod);
            unpin(pod.podId());
            return waiting.remove(pod.podId());
          });
    }
  }

  private void detach(PodAttachment pod) throws InterruptedException {
    for (var pause = soon; ; pause = longer(pause)) {
      Thread.sleep(pause);
      try {
        networks.del(pod);
        LOG.log(Level.INFO, "network of pod {0} is given back at last", pod.podId());
        return;
      } catch (CniException e) {
        LOG.log(Level.WARNING, "give back network of pod {0}: {1}", pod.podId(), e.getMessage());
      }
    }
  }

  private void unpin(String podId) {
    try {
      namespaces.unpin(podId);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "unpin namespaces of pod {0}: {1}", podId, e.getMessage());
    }
  }

  private static Duration longer(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(SELDOM) < 0 ? twice : SELDOM;
  }

  /// Says in the log what the plugins find wrong with pods that are attached.
  void check(List<PodAttachment> pods) {
    var _ =
        threads.submit(() -> {
          for (var pod : pods) {
            checkOne(pod);
          }
          return pods.size();
        });
  }

  private void checkOne(PodAttachment pod) throws InterruptedException {
    try {
      var network = networks.cached(pod.podId());
      if (network.isPresent()) {
        network.get().check(pod);
      }
    } catch (CniException e) {
      LOG.log(Level.WARNING, "network of pod {0}: {1}", pod.podId(), e.getMessage());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
