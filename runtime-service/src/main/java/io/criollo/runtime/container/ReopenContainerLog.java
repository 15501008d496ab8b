// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.cri.v1.ReopenContainerLogRequest;
import io.criollo.cri.v1.ReopenContainerLogResponse;
import io.criollo.runtime.state.Containers;

/// ReopenContainerLog: the kubelet has renamed the log; a new file is there before this returns.
public final class ReopenContainerLog {
  private final Containers containers;
  private final MonitorClient monitor;

  public ReopenContainerLog(Containers containers, MonitorClient monitor) {
    this.containers = containers;
    this.monitor = monitor;
  }

  public ReopenContainerLogResponse reopenLog(ReopenContainerLogRequest request)
      throws MonitorException {
    var container = containers.require(request.getContainerId());
    container.requireRunning();
    return WhileItRuns.ask(
        container,
        () -> {
          monitor.reopenLog(container.hex());
          return ReopenContainerLogResponse.getDefaultInstance();
        });
  }
}
