// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.util.List;

/// What the daemon asks. A connection carries a [Hello] and then one request.
public sealed interface Request extends Message
    permits CreateRequest,
        Request.Run,
        ExecRequest,
        Request.ReopenLog,
        Request.Forget,
        Request.ListContainers,
        Request.Subscribe,
        Request.Acknowledge,
        Request.Attach,
        Request.ExecStream,
        Request.Resize,
        Request.CloseInput,
        Request.HangUp,
        Request.ShareTerminal,
        Request.ReturnTerminal,
        Request.Upgrade {
  /// {@return whether it begins something that may last for as long as the daemon lives}
  default boolean lasting() {
    return switch (this) {
      case Subscribe _, Attach _, ExecStream _, Upgrade _ -> true;
      case Request _ -> false;
    };
  }

  /// Create a container and let its first process go, in one step of the runtime. If nobody hears
  /// the answer it runs all the same: who asked is to look for it.
  record Run(CreateRequest container) implements Request {}

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

  /// Be given what a container prints from now on, and write to its standard input. After
  /// [Reply.Started] both sides send stream frames, until [Reply.Done] says that it has ended.
  record Attach(String containerId) implements Request {
    public Attach {
      ContainerName.require(containerId);
    }
  }

  /// Run one more process and talk with it. Limits of `exec` do not count; its process object says
  /// whether it has a terminal, and so does `terminal`. After [Reply.Started] as with [Attach],
  /// until [Reply.ExecEnded].
  record ExecStream(ExecRequest exec, boolean terminal, boolean stdin) implements Request {}

  /// Put the program of this command line, with all options of a monitor, in the place of the one
  /// that runs. The connection ends when that is done; an answer comes only when it cannot be done.
  record Upgrade(List<String> command) implements Request {
    public Upgrade {
      command = List.copyOf(command);
      if (command.isEmpty() || !command.getFirst().startsWith("/")) {
        throw new IllegalArgumentException("no program: " + command);
      }
    }
  }

  /// While attached: the size of the terminal.
  record Resize(int columns, int rows) implements Request {
    public Resize {
      if (columns < 0 || columns > 0xffff || rows < 0 || rows > 0xffff) {
        throw new IllegalArgumentException("terminal of " + columns + "×" + rows);
      }
    }
  }

  /// While attached: no more input comes.
  record CloseInput() implements Request {}

  /// While attached: the user has gone; an exec's terminal is hung up. A connection that just ends
  /// means that the daemon died, and then processes live on.
  record HangUp() implements Request {}

  /// Get a copy of a container's terminal, to hold against the death of the monitor. It follows
  /// [Reply.Done].
  record ShareTerminal(String containerId) implements Request {
    public ShareTerminal {
      ContainerName.require(containerId);
    }
  }

  /// Give such a copy, which follows, to a new monitor.
  record ReturnTerminal(String containerId) implements Request {
    public ReturnTerminal {
      ContainerName.require(containerId);
    }
  }
}
