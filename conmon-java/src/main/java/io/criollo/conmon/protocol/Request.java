// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// What the daemon asks. A connection carries a [Hello] and then one request.
public sealed interface Request extends Message
    permits CreateRequest,
        ExecRequest,
        Request.ReopenLog,
        Request.Forget,
        Request.ListContainers,
        Request.Subscribe,
        Request.Acknowledge {
  /// Start the log file anew under its old name, which the caller has renamed away.
  record ReopenLog(String containerId) implements Request {
    public ReopenLog {
      ContainerName.require(containerId);
    }
  }

  /// Drop all that is kept of a container that has ended.
  record Forget(String containerId) implements Request {
    public Forget {
      ContainerName.require(containerId);
    }
  }

  /// All containers.
  record ListContainers() implements Request {}

  /// Be told of exits: first those not yet taken, then each as it happens; each is answered with an
  /// [Acknowledge] once it is safe with the daemon.
  record Subscribe() implements Request {}

  /// The exit of this container is in the daemon's own state.
  record Acknowledge(String containerId) implements Request {
    public Acknowledge {
      ContainerName.require(containerId);
    }
  }
}
