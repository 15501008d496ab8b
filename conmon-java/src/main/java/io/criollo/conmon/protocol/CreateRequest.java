// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import io.criollo.conmon.oci.OciRuntimeSettings;
import java.nio.file.Path;

/// Make the streams and the log of a container and let the runtime create it from `bundle`.
/// `cgroup` is the container's cgroup folder on the host, where its OOM kills are counted.
///
/// @param inSandbox whether the runtime runs it inside of another container, so that it is no
///   process of the host; older monitors do not look at it
public record CreateRequest(
    String id,
    Path bundle,
    OciRuntimeSettings runtime,
    ContainerStdio stdio,
    Path cgroup,
    boolean inSandbox)
    implements Request {
  public CreateRequest {
    ContainerName.require(id);
  }

  /// Of a container that is a process of the host.
  public CreateRequest(
      String id, Path bundle, OciRuntimeSettings runtime, ContainerStdio stdio, Path cgroup) {
    this(id, bundle, runtime, stdio, cgroup, false);
  }
}
