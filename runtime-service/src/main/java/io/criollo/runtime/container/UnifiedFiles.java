// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.Cgroup;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/// The cgroup files that a request names, which its pod's cgroup has too.
final class UnifiedFiles {
  private UnifiedFiles() {}

  /// Refuses files that this kernel does not have. Those of a controller that the pod's cgroup has
  /// not got are left to the OCI runtime, which may enable it.
  static void check(Cgroup pod, Set<String> files) throws LinuxException {
    if (files.isEmpty()) {
      return;
    }
    var controllers = List.of(pod.read("cgroup.controllers").strip().split(" "));
    for (var file : files) {
      var controller = file.substring(0, file.indexOf('.'));
      if (controllers.contains(controller) && !Files.exists(pod.path().resolve(file))) {
        throw new Refusal.InvalidArgument(
            "config.linux.resources.unified", file, "must be a file that this kernel has");
      }
    }
  }
}
