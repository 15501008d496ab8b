// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import java.nio.file.Path;
import java.time.Duration;

/// One OCI runtime as configured: handler name, binary, the folder for its own state, cgroup
/// driver.
///
/// @param createLimit how long a `create` or a `run` may take, with the hooks that it runs
public record OciRuntimeSettings(
    String name, Path path, Path root, boolean systemdCgroup, Duration createLimit) {
  /// Unless the operator says otherwise (crio.conf(5), container_create_timeout).
  public static final Duration USUAL_CREATE_LIMIT = Duration.ofMinutes(4);

  public OciRuntimeSettings {
    if (!path.isAbsolute() || !root.isAbsolute()) {
      throw new IllegalArgumentException("runtime " + name + ": path and root must be absolute");
    }
  }

  /// With the usual limit.
  public OciRuntimeSettings(String name, Path path, Path root, boolean systemdCgroup) {
    this(name, path, root, systemdCgroup, USUAL_CREATE_LIMIT);
  }
}
