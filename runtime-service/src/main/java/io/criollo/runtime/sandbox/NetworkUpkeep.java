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
import java.util.stream.Collectors;

/// What is done for networks when no request waits for it: detaching pods that are gone, again and
/// again at growing distances; after a start, telling plugins which pods there are, and checking
/// those. A virtual thread each. Closed by `Daemon`: what is not detached by then is found by the
/// next one. Until then the pod's namespaces are kept: without them some plugins leave interfaces
/// and rules behind.
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

  /// What has to be waited for.
  @FunctionalInterface
  private interface Start {
    void await() throws Exception;
  }

  /// Detaches a pod that nobody asks for any more, then lets its namespaces go.
  void detachLater(PodAttachment pod) {
    detachAfter(() -> Thread.sleep(soon), pod);
  }

  /// The same, at once, for pods of an earlier daemon. Plugins that it left at work for them are
  /// ended first.
  void detachLeft(List<PodAttachment> pods) {
    var ended =
        threads.submit(() -> {
          endLeftPlugins(pods);
          return true;
        });
    pods.forEach(pod -> detachAfter(ended::get, pod));
  }

  private void detachAfter(Start start, PodAttachment pod) {
    if (waiting.add(pod.podId())) {
      var _ =
          threads.submit(() -> {
            start.await();
            detach(pod);
            unpin(pod.podId());
            return waiting.remove(pod.podId());
          });
    }
  }

  private void endLeftPlugins(List<PodAttachment> pods) throws InterruptedException {
    try {
      networks.endLeftPlugins(
          pods.stream().map(PodAttachment::podId).collect(Collectors.toUnmodifiableSet()));
    } catch (CniException | RuntimeException e) {
      LOG.log(Level.WARNING, "end what the last daemon left at work: {0}", e.getMessage());
    }
  }

  private void detach(PodAttachment pod) throws InterruptedException {
    for (var pause = soon; !detached(pod); pause = longer(pause)) {
      Thread.sleep(pause);
    }
    LOG.log(Level.INFO, "network of pod {0} is given back at last", pod.podId());
  }

  private boolean detached(PodAttachment pod) throws InterruptedException {
    try {
      networks.del(pod);
      return true;
    } catch (CniException e) {
      LOG.log(Level.WARNING, "give back network of pod {0}: {1}", pod.podId(), e.getMessage());
      return false;
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

  /// Lets plugins give back what belongs to no pod, once, when none is being attached or detached.
  void collectGarbage() {
    var _ =
        threads.submit(() -> {
          var pause = soon;
          do {
            Thread.sleep(pause);
            pause = longer(pause);
          } while (!garbageIsCollected());
          return true;
        });
  }

  private boolean garbageIsCollected() throws InterruptedException {
    try {
      return networks.gc();
    } catch (CniException e) {
      LOG.log(Level.WARNING, "collect what belongs to no pod: {0}", e.getMessage());
      return true;
    }
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
