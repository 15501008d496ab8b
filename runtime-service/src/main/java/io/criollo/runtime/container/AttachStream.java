// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.cri.v1.AttachRequest;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.streaming.StreamSession;

/// The second half of Attach, once the client has come: joins the standard streams of the
/// container's first process.
public final class AttachStream implements StreamSession.Opener<AttachRequest> {
  private final Containers containers;
  private final MonitorClient monitor;

  public AttachStream(Containers containers, MonitorClient monitor) {
    this.containers = containers;
    this.monitor = monitor;
  }

  @Override
  public StreamSession open(AttachRequest request) throws MonitorException {
    var container = containers.require(request.getContainerId());
    container.requireRunning();
    return new MonitorSession(monitor.attach(container.hex()));
  }
}
