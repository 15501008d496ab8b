// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.runtime.state.PodId;
import java.io.IOException;

/// The makers of what a pod consists of.
public record PodParts(
    PodCgroups cgroups,
    PodFiles files,
    PodNamespaces namespaces,
    PodNetwork network,
    PodInit init) {

  /// Lets a pod's namespaces go, now or when its network does not need them any more.
  public void unpin(PodId id) throws IOException {
    if (!network.needsNamespaces(id)) {
      namespaces.unpin(id);
    }
  }
}
