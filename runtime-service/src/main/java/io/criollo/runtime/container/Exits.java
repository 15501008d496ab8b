// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.ExitListener;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.MonitoredContainer;
import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Pods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/// Hears from the monitor, on its exit thread, that a container or the init of a pod has ended, and
/// writes it down.
public final class Exits implements ExitListener {
  private static final System.Logger LOG = System.getLogger(Exits.class.getName());

  private final Pods pods;
  private final Containers containers;
  private final CgroupDriver cgroups;
  private final EarlyDeletion deletion;
  private final Map<String, CountDownLatch> expected = new ConcurrentHashMap<>();

  public Exits(Pods pods, Containers containers, CgroupDriver cgroups, EarlyDeletion deletion) {
    this.deletion = deletion;
    this.pods = pods;
    this.containers = containers;
    this.cgroups = cgroups;
  }

  @Override
  public void exited(ExitRecord exit) {
    try {
      var container = containers.find(exit.containerId());
      if (container.isPresent()) {
        ended(container.get(), exit);
      } else {
        initEnded(exit.containerId());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("record the end of " + exit.containerId(), e);
    } finally {
      var waiting = expected.get(exit.containerId());
      if (waiting != null) {
        waiting.countDown();
      }
    }
  }

  /// A container that the new monitor does not know, and whose process is gone, has no other end.
  @Override
  public void monitorReplaced(Listing monitor) throws MonitorException {
    // before the list, which has the exits up to now
    var gone = containers.all().stream().filter(Exits::isGone).map(Container::hex).toList();
    if (gone.isEmpty()) {
      return;
    }
    var known = monitor.list().stream().map(MonitoredContainer::id).collect(Collectors.toSet());
    gone.stream().filter(id -> !known.contains(id)).forEach(id -> exited(unseen(id)));
  }

  private static boolean isGone(Container container) {
    try {
      return container.state() instanceof ContainerState.Running(var process, _)
          && !Processes.alive(process);
    } catch (LinuxException e) {
      LOG.log(Level.WARNING, "look for the process of " + container.id(), e);
      return false;
    }
  }

  private static ExitRecord unseen(String id) {
    return new ExitRecord(
        id, LostContainers.UNKNOWN_EXIT, Instant.now(), false, LostContainers.UNSEEN);
  }

  private void ended(Container container, ExitRecord exit) throws IOException {
    boolean ran = container.state() instanceof ContainerState.Running;
    Runnable delete = ran ? deletion.announce(container) : () -> {};
    try {
      container.ended(exit.at(), exit.exitCode(), exit.oomKilled(), exit.reason());
    } finally {
      delete.run();
      // in a PID namespace that is not its own, its other processes live on
      cgroups.at(container.record().place().cgroup()).kill();
    }
  }

  /// Without its init the kernel lets no process into the pod's PID namespace.
  private void initEnded(String id) throws IOException {
    var pod = pods.find(id);
    if (pod.isPresent() && pod.get().ready()) {
      LOG.log(Level.WARNING, "the init of pod {0} has ended: the pod is not ready", id);
      pod.get().lost();
    }
  }

  /// {@return what opens at the next end of this process; to be given back with [#forget]}
  CountDownLatch expect(String id) {
    return expected.computeIfAbsent(id, _ -> new CountDownLatch(1));
  }

  void forget(String id) {
    expected.remove(id);
  }
}
