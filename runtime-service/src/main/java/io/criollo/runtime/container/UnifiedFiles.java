// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.Cgroup;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The cgroup files that a request names, which its pod's cgroup has too.
final class UnifiedFiles {
  private static final Path DISKS = Path.of("/sys/dev/block");
  private static final Pattern DISK = Pattern.compile("(\\d{1,7}:\\d{1,7})( .*)?");

  private UnifiedFiles() {}

  /// Refuses files that this kernel does not have, and limits for disks that the node does not
  /// have. Files of a controller that the pod's cgroup has not got are left to the OCI runtime,
  /// which may enable it.
  ///
  /// @param field of the request that names the files
  static void check(Cgroup pod, String field, Map<String, String> files) throws LinuxException {
    if (files.isEmpty()) {
      return;
    }
    var controllers = List.of(pod.read("cgroup.controllers").strip().split(" "));
    for (var file : files.entrySet()) {
      var name = file.getKey();
      var controller = name.substring(0, name.indexOf('.'));
      if (controllers.contains(controller) && !Files.exists(pod.path().resolve(name))) {
        throw new Refusal.InvalidArgument(field, name, "must be a file that this kernel has");
      }
      if (controller.equals("io")) {
        file.getValue().lines().forEach(line -> requireDisk(field + "." + name, line));
      }
    }
  }

  private static void requireDisk(String field, String line) {
    var numbers = DISK.matcher(line);
    if (numbers.matches()) {
      var disk = DISKS.resolve(numbers.group(1));
      if (!Files.isDirectory(disk) || Files.exists(disk.resolve("partition"))) {
        throw new Refusal.InvalidArgument(field, line, "must begin with the numbers of a disk");
      }
    }
  }
}
