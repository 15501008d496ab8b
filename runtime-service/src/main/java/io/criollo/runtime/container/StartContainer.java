// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.StartContainerRequest;
import io.criollo.cri.v1.StartContainerResponse;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Pods;
import java.time.Instant;

/// StartContainer: lets the first process of a created container go.
public final class StartContainer {
  private final Pods pods;
  private final Containers containers;
  private final Runtimes runtimes;

  public StartContainer(Pods pods, Containers containers, Runtimes runtimes) {
    this.pods = pods;
    this.containers = containers;
    this.runtimes = runtimes;
  }

  public StartContainerResponse start(StartContainerRequest request) throws Exception {
    var container = containers.require(request.getContainerId());
    pods.require(container.pod().hex()).requireReady();
    container.beginStart(Instant.now());
    try {
      runtimes.of(container).start(container.hex());
    } catch (Exception e) {
      container.startFailed();
      throw e;
    }
    container.startSucceeded();
    return StartContainerResponse.getDefaultInstance();
  }
}
