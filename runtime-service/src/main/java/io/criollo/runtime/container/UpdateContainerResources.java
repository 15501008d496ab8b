// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.UpdateContainerResourcesRequest;
import io.criollo.cri.v1.UpdateContainerResourcesResponse;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.Cgroup;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.linux.cgroup.CgroupUpdate;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.spec.ResourceUpdate;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.Undo;
import java.io.IOException;
import java.time.Duration;

/// UpdateContainerResources: other limits for a container that is created or runs, all of them or
/// none. Written to files of its cgroup, or for the start of one that is only created.
public final class UpdateContainerResources {
  private static final Duration START_PATIENCE = Duration.ofMinutes(1);

  private final Pods pods;
  private final Containers containers;
  private final CgroupDriver cgroups;
  private final Bundles bundles;
  private final NodeFacts node;
  private final Runtimes runtimes;

  public UpdateContainerResources(
      Pods pods,
      Containers containers,
      CgroupDriver cgroups,
      Bundles bundles,
      NodeFacts node,
      Runtimes runtimes) {
    this.pods = pods;
    this.containers = containers;
    this.cgroups = cgroups;
    this.bundles = bundles;
    this.node = node;
    this.runtimes = runtimes;
  }

  public UpdateContainerResourcesResponse update(UpdateContainerResourcesRequest request)
      throws IOException, InterruptedException {
    var container = containers.require(request.getContainerId());
    while (!updated(container, request.getLinux())) {
      var _ = container.awaitStart(START_PATIENCE);
    }
    return UpdateContainerResourcesResponse.getDefaultInstance();
  }

  /// {@return false while the container is being started}: then its limits are either in the bundle
  /// or in the cgroup
  private boolean updated(Container container, LinuxContainerResources wish)
      throws IOException, InterruptedException {
    container.limits().lockInterruptibly();
    try {
      if (container.starting()) {
        return false;
      }
      update(container.requireAlive(), wish);
      return true;
    } finally {
      container.limits().unlock();
    }
  }

  private void update(Container container, LinuxContainerResources wish)
      throws IOException, InterruptedException {
    var before = container.config().getLinux().getResources();
    var change = ResourceUpdate.of(before, wish, node);
    if (!(container.state() instanceof ContainerState.Running)) {
      checkFiles(container, change);
      note(container, change);
      return;
    }
    requireProcesses(container);
    var cgroup = cgroups.at(container.record().place().cgroup());
    if (wish.getMemoryLimitInBytes() > 0) {
      requireRoom(cgroup, wish.getMemoryLimitInBytes());
    }
    var written = write(container, cgroup, change);
    try {
      note(container, change);
    } catch (IOException | RuntimeException e) {
      written.undoAfter(e);
      throw e;
    }
  }

  private void requireProcesses(Container container) throws InterruptedException {
    if (runtimes.sandboxes(container.record().place().handler())) {
      throw new Refusal.FailedPrecondition(
          "container "
              + container.id()
              + " runs in the sandbox of its pod, as runtime handler "
              + container.record().place().handler()
              + " has them: only the pod's limits can be changed");
    }
  }

  /// What the OCI runtime could not write at the start.
  private void checkFiles(Container container, ResourceUpdate change) throws LinuxException {
    var pod = cgroups.at(pods.require(container.pod().hex()).record().place().cgroup());
    if (pod.exists()) { // not after a reboot
      UnifiedFiles.check(pod, "linux", change.files());
    }
  }

  private void note(Container container, ResourceUpdate change) throws IOException {
    try (var undo = new Undo()) {
      bundles.limited(container.id(), change.oci(), undo);
      container.limited(change.after());
      undo.keep();
    }
  }

  /// The kernel would make room by killing.
  private static void requireRoom(Cgroup cgroup, long limit) throws LinuxException {
    long used = cgroup.memory().workingSet(cgroup.number("memory.current").orElse(0));
    if (used > limit) {
      throw new Refusal.FailedPrecondition(
          "linux.memory_limit_in_bytes "
              + limit
              + " is below the "
              + used
              + " bytes that the container uses");
    }
  }

  private CgroupUpdate write(Container container, Cgroup cgroup, ResourceUpdate change)
      throws LinuxException {
    try {
      return cgroups.update(container.record().place().cgroup(), change.files());
    } catch (LinuxException e) {
      if (!cgroup.exists()) {
        throw new Refusal.FailedPrecondition("container " + container.id() + " has just ended", e);
      }
      if (e.is(Errno.EINVAL, Errno.ERANGE, Errno.EOPNOTSUPP, Errno.ENOENT, Errno.ENODEV)) {
        throw new Refusal.InvalidArgument("linux: the kernel refuses a limit: " + e.getMessage());
      }
      throw e;
    }
  }
}
