// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import java.nio.file.Path;

/// One OCI runtime as configured: handler name, binary, the folder for its own state, cgroup
/// driver.
public record OciRuntimeSettings(String name, Path path, Path root, boolean systemdCgroup) {
  public OciRuntimeSettings {
    if (!path.isAbsolute() || !root.isAbsolute()) {
      throw new IllegalArgumentException("runtime " + name + ": path and root must be absolute");
    }
  }
}
