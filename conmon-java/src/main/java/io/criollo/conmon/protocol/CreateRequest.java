// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import io.criollo.conmon.oci.OciRuntimeSettings;
import java.nio.file.Path;

/// Make the streams and the log of a container and let the runtime create it from `bundle`.
/// `cgroup` is the container's cgroup folder on the host, where its OOM kills are counted.
public record CreateRequest(
    String id, Path bundle, OciRuntimeSettings runtime, ContainerStdio stdio, Path cgroup)
    implements Request {
  public CreateRequest {
    ContainerName.require(id);
  }
}
