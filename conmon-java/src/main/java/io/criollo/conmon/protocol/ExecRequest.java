// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import io.criollo.conmon.oci.OciRuntimeSettings;
import java.nio.file.Path;
import java.time.Duration;

/// Run one more process in a container and collect what it prints. `processJson` holds an OCI
/// process object and belongs to the caller. A zero `timeout` means none; `limit` is the number of
/// bytes kept of each stream, the rest is read and dropped.
public record ExecRequest(
    String containerId, OciRuntimeSettings runtime, Path processJson, Duration timeout, int limit)
    implements Request {
  public ExecRequest {
    ContainerName.require(containerId);
    if (timeout.isNegative() || limit < 0) {
      throw new IllegalArgumentException("negative timeout or limit");
    }
  }
}
