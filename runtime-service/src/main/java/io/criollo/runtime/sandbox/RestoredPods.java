// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.conmon.client.MonitorException;
import io.criollo.runtime.state.Pod;
import java.io.IOException;

/// Pods that were there when the last daemon went away.
public final class RestoredPods {
  private final PodParts parts;

  public RestoredPods(PodParts parts) {
    this.parts = parts;
  }

  /// A pod without its namespaces or its init is not ready; the next StopPodSandbox gives its
  /// addresses back.
  public void settle(Pod pod) throws IOException, MonitorException {
    if (pod.ready() && !isWhole(pod)) {
      pod.lost();
    }
  }

  private boolean isWhole(Pod pod) throws IOException, MonitorException {
    return parts.namespaces().arePinned(pod.record())
        && (!parts.init().stays(pod) || parts.init().alive(pod.id()));
  }
}
