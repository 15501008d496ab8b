// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.runtime.state.PodId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/// The cgroup that all containers of a pod are in: the one that the kubelet names, else {@code
/// /criollo/ID}.
public final class PodCgroups {
  private static final String OWN_PARENT = "/criollo/";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CgroupDriver cgroups;

  public PodCgroups(CgroupDriver cgroups) {
    this.cgroups = cgroups;
  }

  /// A pod's cgroup.
  ///
  /// @param own the highest cgroup on the path that was made here, or empty
  record PodCgroup(String path, String own) {}

  PodCgroup create(PodId id, PodSandboxConfig config) throws LinuxException {
    var parent = config.getLinux().getCgroupParent();
    var path = parent.isEmpty() || parent.equals("/") ? OWN_PARENT + id.hex() : parent;
    synchronized (this) { // the parent is not taken away in between
      var own = highestMissing(path);
      cgroups.create(path);
      return new PodCgroup(path, own);
    }
  }

  /// Removes the cgroup and all below it; empty means there is nothing to remove.
  void remove(String own) throws LinuxException {
    if (own.isEmpty()) {
      return;
    }
    cgroups.at(own).remove(PATIENCE);
    if (own.startsWith(OWN_PARENT)) {
      removeParent();
    }
  }

  private synchronized void removeParent() throws LinuxException {
    try {
      Files.deleteIfExists(cgroups.at("/criollo").path());
    } catch (IOException _) {
      // other pods are in it
    }
  }

  /// Removes the cgroup of a pod that is in none of the kubelet's.
  public void removeOwn(PodId id) throws LinuxException {
    remove(OWN_PARENT + id.hex());
  }

  /// {@return the names of cgroups of such pods}
  public List<String> own() throws IOException {
    var parent = cgroups.at("/criollo");
    if (!parent.exists()) {
      return List.of();
    }
    try (var entries = Files.list(parent.path())) {
      return entries.filter(Files::isDirectory).map(dir -> dir.getFileName().toString()).toList();
    }
  }

  private String highestMissing(String path) throws LinuxException {
    var above = path;
    var missing = "";
    while (!above.isEmpty() && !cgroups.at(above).exists()) {
      missing = above.equals("/criollo") ? missing : above; // shared by all pods, stays
      above = above.substring(0, above.lastIndexOf('/'));
    }
    return missing;
  }
}
