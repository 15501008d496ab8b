// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.FileLabels;
import io.criollo.linux.LinuxException;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.Set;

/// Gives volumes the label of their container's files where the request asks for it.
final class SelinuxVolumes {
  /// Folders of the node that stop working for the node when containers' labels are on them.
  private static final Set<String> NEVER =
      Set.of(
          "/",
          "/bin",
          "/boot",
          "/dev",
          "/etc",
          "/home",
          "/lib",
          "/lib64",
          "/media",
          "/opt",
          "/proc",
          "/root",
          "/run",
          "/sbin",
          "/srv",
          "/sys",
          "/tmp",
          "/usr",
          "/var",
          "/var/lib",
          "/var/log",
          "/var/run",
          "/var/tmp");

  private SelinuxVolumes() {}

  /// @param mounts those of the request, in its order
  static void relabel(SpecInput input, List<BindMount> mounts) {
    var labels = input.paths().labels();
    if (labels.isEmpty() || !labels.get().isConfined()) {
      return;
    }
    for (int i = 0; i < mounts.size(); i++) {
      if (input.container().getMounts(i).getSelinuxRelabel()) {
        relabel(mounts.get(i).source(), labels.get().files());
      }
    }
  }

  private static void relabel(String source, String label) {
    Check.that(
        !NEVER.contains(source),
        "config.mounts.selinux_relabel of host_path",
        source,
        "must not be set for a folder of the node itself");
    try {
      FileLabels.setTree(Check.hostPath("config.mounts.host_path", source), label);
    } catch (LinuxException e) {
      throw new Refusal.FailedPrecondition(
          "config.mounts.selinux_relabel of " + source + ": " + e.getMessage(), e);
    }
  }
}
