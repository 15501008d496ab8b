// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.RemoveContainerRequest;
import io.criollo.cri.v1.RemoveContainerResponse;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Names;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import java.time.Duration;

/// RemoveContainer: ends the container if need be and removes all that is left of it but its log.
/// When it returns nothing of it runs, and its root file system and record are gone, in one step;
/// what else it left goes at once, but nobody waits for it before the pod is removed. Every step
/// can be repeated, so a removal that failed is tried again by the next call.
public final class RemoveContainer {
  private final Containers containers;
  private final StopContainer stop;
  private final Remains remains;
  private final Leftovers leftovers;
  private final Names<Boolean> underWay = new Names<>();

  public RemoveContainer(Containers containers, StopContainer stop, Remains remains) {
    this.containers = containers;
    this.stop = stop;
    this.remains = remains;
    this.leftovers = new Leftovers(remains::removeRest);
  }

  public RemoveContainerResponse remove(RemoveContainerRequest request) throws Exception {
    if (request.getContainerId().isEmpty()) {
      throw new Refusal.InvalidArgument("container_id", "", "must not be empty");
    }
    var container = containers.find(request.getContainerId());
    if (container.isPresent()) {
      remove(container.get());
    }
    return RemoveContainerResponse.getDefaultInstance();
  }

  /// Removes the container; calls for the same one share the work.
  public void remove(Container container) throws Exception {
    underWay.share(container.hex(), () -> removeAll(container));
  }

  private boolean removeAll(Container container) throws Exception {
    stop.stop(container, Duration.ZERO);
    remains.discardRoot(container.id());
    containers.remove(container);
    leftovers.remove(container);
    return true;
  }

  /// Waits until nothing is left of the containers of a pod that were removed.
  public void finish(PodId pod) throws Exception {
    leftovers.finish(pod);
  }
}
