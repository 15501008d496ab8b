// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.Refusal;

/// Calls of the monitor about a container that ran a moment ago.
final class WhileItRuns {
  private WhileItRuns() {}

  @FunctionalInterface
  interface Call<T> {
    T run() throws MonitorException;
  }

  /// {@return what the monitor answers}
  ///
  /// @throws Refusal.FailedPrecondition when the container has ended meanwhile, which the monitor
  ///   may know first: NOT_FOUND is for containers that nobody knows
  static <T> T ask(Container container, Call<T> call) throws MonitorException {
    try {
      return call.run();
    } catch (MonitorException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        throw new Refusal.FailedPrecondition(
            "container " + container.id() + " does not run any more", e);
      }
      throw e;
    }
  }
}
