// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.LinuxPodSandboxConfig;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.linux.cgroup.CgroupUpdate;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.PodPlace;
import io.criollo.runtime.state.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The cgroup that all containers of a pod are in: the one that the kubelet names, else one of our
/// own.
public final class PodCgroups {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CgroupDriver cgroups;
  private final NodeFacts node;

  public PodCgroups(CgroupDriver cgroups, NodeFacts node) {
    this.cgroups = cgroups;
    this.node = node;
  }

  /// A pod's cgroup.
  ///
  /// @param own the highest cgroup on the path that was made here, or empty
  record PodCgroup(String path, String own) {}

  PodCgroup create(PodId id, PodSandboxConfig config) throws LinuxException {
    var path = path(id, config.getLinux().getCgroupParent());
    var limits = PodLimits.files(config.getLinux(), node);
    synchronized (this) { // the parent is not taken away in between
      var own = cgroups.highestMissing(path);
      cgroups.create(path);
      limit(path, own, limits);
      return new PodCgroup(path, own);
    }
  }

  private String path(PodId id, String parent) throws LinuxException {
    if (parent.isEmpty() || parent.equals("/")) {
      return cgroups.ofPod(id.hex());
    }
    try {
      return cgroups.parent(parent);
    } catch (LinuxException e) {
      throw new Refusal.InvalidArgument("config.linux.cgroup_parent: " + e.getMessage());
    }
  }

  /// Gives the pod's cgroup other limits if it was made here; the kubelet sets those of its own.
  ///
  /// @return what undoes it
  CgroupUpdate limit(PodPlace place, LinuxPodSandboxConfig config) throws LinuxException {
    return limit(place.cgroup(), place.ownCgroup(), PodLimits.files(config, node));
  }

  private CgroupUpdate limit(String path, String own, Map<String, String> limits)
      throws LinuxException {
    try {
      return cgroups.update(path, own.isEmpty() ? Map.of() : limits);
    } catch (LinuxException e) {
      if (e.is(Errno.EINVAL, Errno.ERANGE, Errno.EOPNOTSUPP)) {
        throw new Refusal.InvalidArgument("the kernel refuses a pod's limit: " + e.getMessage());
      }
      throw e;
    }
  }

  /// Removes the cgroup and all below it; empty means there is nothing to remove.
  void remove(String own) throws LinuxException {
    if (own.isEmpty()) {
      return;
    }
    cgroups.remove(own, PATIENCE);
    synchronized (this) {
      cgroups.removeShared();
    }
  }

  /// Removes the cgroup of a pod that is in none of the kubelet's.
  public void removeOwn(PodId id) throws LinuxException {
    remove(cgroups.ofPod(id.hex()));
  }

  /// {@return the ids of such pods}
  public List<String> own() throws LinuxException {
    return cgroups.pods();
  }
}
