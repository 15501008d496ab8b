// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.LinuxPodSandboxConfig;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.linux.cgroup.CgroupUpdate;
import io.criollo.runtime.sandbox.CgroupUsers.PodCgroup;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The cgroup that all containers of a pod are in: the one that the kubelet names, else one of our
/// own. Where several pods name one that was made here, the last of them takes it away.
public final class PodCgroups {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CgroupDriver cgroups;
  private final NodeFacts node;
  private final CgroupUsers users = new CgroupUsers();

  /// @param known the pods that there are
  public PodCgroups(CgroupDriver cgroups, NodeFacts node, List<Pod> known) {
    this.cgroups = cgroups;
    this.node = node;
    for (var pod : known) {
      var place = pod.record().place();
      users.add(pod.id(), place.cgroup(), place.ownCgroup());
    }
  }

  /// Makes what there is not. What a failure leaves goes with [#remove].
  PodCgroup create(PodId id, PodSandboxConfig config) throws LinuxException, InterruptedException {
    var path = path(id, config.getLinux().getCgroupParent());
    var limits = PodLimits.files(config.getLinux(), node);
    synchronized (this) { // no parent is taken away in between
      while (users.isGoing(path)) {
        wait();
      }
      var cgroup = users.add(id, path, cgroups.highestMissing(path));
      cgroups.create(path);
      limit(id, path, limits);
      return cgroup;
    }
  }

  private String path(PodId id, String parent) throws LinuxException {
    if (parent.isEmpty() || Path.of(parent).normalize().getNameCount() == 0) { // the top
      return cgroups.ofPod(id.hex());
    }
    try {
      return cgroups.parent(parent);
    } catch (LinuxException e) {
      throw new Refusal.InvalidArgument("config.linux.cgroup_parent: " + e.getMessage());
    }
  }

  /// Gives the pod's cgroup other limits if it is one of our own; the kubelet sets those of its
  /// own, and others may share theirs.
  ///
  /// @return what undoes it
  CgroupUpdate limit(Pod pod, LinuxPodSandboxConfig config) throws LinuxException {
    return limit(pod.id(), pod.record().place().cgroup(), PodLimits.files(config, node));
  }

  private CgroupUpdate limit(PodId id, String path, Map<String, String> limits)
      throws LinuxException {
    boolean own = path.contains(id.hex()); // whichever driver made it
    try {
      return cgroups.update(path, own ? limits : Map.of());
    } catch (LinuxException e) {
      if (e.is(Errno.EINVAL, Errno.ERANGE, Errno.EOPNOTSUPP)) {
        throw new Refusal.InvalidArgument("the kernel refuses a pod's limit: " + e.getMessage());
      }
      throw e;
    }
  }

  /// Removes what was made for the pod and is used by no other one, with all below. It can be
  /// repeated when it failed.
  void remove(PodId id) throws LinuxException {
    String unused;
    synchronized (this) {
      unused = users.leave(id);
    }
    boolean gone = false;
    try {
      removeAll(unused);
      gone = true;
    } finally {
      synchronized (this) {
        users.settle(id, gone);
        notifyAll();
      }
    }
  }

  private void removeAll(String top) throws LinuxException {
    if (top.isEmpty()) {
      return;
    }
    cgroups.remove(top, PATIENCE);
    synchronized (this) {
      cgroups.removeShared();
    }
  }

  /// Removes the cgroup of a pod that is not known and is in none of the kubelet's.
  public void removeOwn(PodId id) throws LinuxException {
    removeAll(cgroups.ofPod(id.hex()));
  }

  /// {@return the ids of such pods}
  public List<String> own() throws LinuxException {
    return cgroups.pods();
  }
}
