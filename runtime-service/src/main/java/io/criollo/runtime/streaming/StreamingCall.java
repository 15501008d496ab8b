// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.ExecRequest;
import java.util.List;

/// What a token stands for: an accepted request of the CRI.
sealed interface StreamingCall {
  /// {@return the first part of its URL's path}
  String path();

  /// A process with standard streams.
  sealed interface Command extends StreamingCall {
    StreamOptions options();
  }

  record Exec(ExecRequest request, StreamOptions options) implements Command {
    @Override
    public String path() {
      return "exec";
    }
  }

  record Attach(AttachRequest request, StreamOptions options) implements Command {
    @Override
    public String path() {
      return "attach";
    }
  }

  /// `ports` matters to clients whose protocol cannot name ports itself.
  record PortForward(String podId, List<Integer> ports) implements StreamingCall {
    public PortForward {
      ports = List.copyOf(ports);
    }

    @Override
    public String path() {
      return "portforward";
    }
  }
}
