// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.AttachResponse;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.ExecResponse;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.streaming.StreamingServer;

/// Exec and Attach: the URL under which the client finds a running container's streams.
public final class Exec {
  private final Containers containers;
  private final StreamingServer streaming;

  public Exec(Containers containers, StreamingServer streaming) {
    this.containers = containers;
    this.streaming = streaming;
  }

  public ExecResponse exec(ExecRequest request) {
    containers.require(request.getContainerId()).requireRunning();
    return streaming.exec(request);
  }

  public AttachResponse attach(AttachRequest request) {
    containers.require(request.getContainerId()).requireRunning();
    return streaming.attach(request);
  }
}
