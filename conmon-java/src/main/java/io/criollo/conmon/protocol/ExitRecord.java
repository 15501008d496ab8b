// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.time.Instant;

/// How a container ended: its exit code, or 128 + signal; 255 with a `reason` when nobody was there
/// to see it. `oomKilled`: the kernel killed some process of its cgroup for want of memory.
public record ExitRecord(
    String containerId, int exitCode, Instant at, boolean oomKilled, String reason)
    implements Reply {
  public ExitRecord {
    ContainerName.require(containerId);
  }
}
