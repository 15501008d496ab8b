// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.cri.v1.ContainerEventResponse;
import io.criollo.runtime.events.Subscription;
import java.util.Optional;

/// The events of one subscriber, until it leaves.
record EventSource(Subscription events) implements MessageSource<ContainerEventResponse> {
  @Override
  public Optional<ContainerEventResponse> next() throws InterruptedException {
    return events.next();
  }

  @Override
  public void close() {
    events.close();
  }
}
