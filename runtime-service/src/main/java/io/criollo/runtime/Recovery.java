// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import io.criollo.runtime.container.ContainerParts;
import io.criollo.runtime.container.LostContainers;
import io.criollo.runtime.sandbox.PodParts;
import io.criollo.runtime.sandbox.RestoredPods;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.PodState;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Brings what is on the node and what is on record together, once, before the daemon serves. Ends
/// what was only half made when the last daemon died. A step that fails is logged and left to the
/// next start: one bad object must not keep the others away.
final class Recovery {
  private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

  private final Layout layout;
  private final Daemon.Known known;
  private final PodParts pods;
  private final ContainerParts containers;

  Recovery(Layout layout, Daemon.Known known, PodParts pods, ContainerParts containers) {
    this.layout = layout;
    this.known = known;
    this.pods = pods;
    this.containers = containers;
  }

  void run() throws IOException {
    var lost = new LostContainers(containers);
    known
        .containers()
        .all()
        .forEach(one -> attempt("container " + one.id(), () -> lost.settle(one)));
    var restored = new RestoredPods(pods);
    known.pods().all().forEach(one -> attempt("pod " + one.id(), () -> restored.settle(one)));
    known.containers().all().stream()
        .filter(one -> known.pods().find(one.pod().hex()).isEmpty())
        .forEach(one -> attempt("remove container of a lost pod", () -> remove(one)));
    for (var id : unknownContainers()) {
      attempt("remove half-made container " + id, () -> removeContainer(id));
    }
    // before their namespaces go: without one some plugins leave their firewall's rules
    attempt("restore networks", this::restoreNetworks);
    known.pods().all().stream()
        .filter(Recovery::isStopped)
        .forEach(one -> attempt("unpin namespaces of pod " + one.id(), () -> pods.unpin(one.id())));
    for (var id : unknownPods()) {
      attempt("remove half-made pod " + id, () -> removePod(id));
    }
    LOG.log(
        Level.INFO,
        "restored {0} pods, {1} containers",
        known.pods().all().size(),
        known.containers().all().size());
  }

  private void restoreNetworks() throws Exception {
    var hidden = new HashSet<String>();
    for (var pod : known.pods().all()) {
      if (pods.init().takesNetwork(pod)) {
        hidden.add(pod.id().hex());
      }
    }
    pods.network().restore(this::needsNetwork, pod -> !hidden.contains(pod));
  }

  /// A stopped pod may have left it to the background to give its addresses back.
  private boolean needsNetwork(String pod) {
    return known.pods().find(pod).filter(one -> !isStopped(one)).isPresent();
  }

  private static boolean isStopped(Pod pod) {
    return pod.state() instanceof PodState.Stopped;
  }

  private void remove(Container container) throws Exception {
    var place = container.record().place();
    containers.remains().remove(container.id(), place.handler(), place.cgroup());
    known.containers().remove(container);
  }

  private void removeContainer(ContainerId id) throws Exception {
    containers.remains().remove(id, "", "");
  }

  private void removePod(PodId id) throws Exception {
    pods.unpin(id);
    pods.files().remove(id);
    pods.cgroups().removeOwn(id);
  }

  /// Found by what a container being made leaves first: its root file system, then its bundle.
  private Set<ContainerId> unknownContainers() throws IOException {
    var found = new LinkedHashSet<ContainerId>();
    var names = new ArrayList<>(entries(layout.bundles()));
    containers.roots().list().forEach(root -> names.add(root.containerId()));
    for (var name : names) {
      if (known.containers().find(name).isEmpty()
          && known.pods().find(name).isEmpty() // its init
          && isId(name)) {
        found.add(new ContainerId(name));
      }
    }
    return found;
  }

  private Set<PodId> unknownPods() throws IOException {
    var found = new LinkedHashSet<PodId>();
    var names = new ArrayList<>(entries(layout.podFiles()));
    names.addAll(entries(layout.namespaces()));
    names.addAll(pods.cgroups().own());
    for (var name : names) {
      if (known.pods().find(name).isEmpty() && isId(name)) {
        found.add(new PodId(name));
      }
    }
    return found;
  }

  private static List<String> entries(Path dir) throws IOException {
    try (var entries = Files.list(dir)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  /// What is not ours by its name stays.
  private static boolean isId(String name) {
    try {
      return !new PodId(name).hex().isEmpty();
    } catch (Refusal.InvalidArgument _) {
      return false;
    }
  }

  /// Something that may fail.
  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private static void attempt(String what, Step step) {
    try {
      step.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "{0}: {1}", what, e.getMessage());
    }
  }
}
