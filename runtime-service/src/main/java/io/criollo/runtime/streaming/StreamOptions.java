// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.runtime.state.Refusal;

/// Which streams an exec or attach has.
record StreamOptions(boolean stdin, boolean stdout, boolean stderr, boolean terminal) {
  StreamOptions {
    if (terminal && stderr) {
      throw new Refusal.InvalidArgument(
          "tty and stderr cannot both be set: a terminal has one output");
    }
    if (!stdin && !stdout && !stderr) {
      throw new Refusal.InvalidArgument("one of stdin, stdout and stderr must be set");
    }
  }

  static StreamOptions of(ExecRequest request) {
    return new StreamOptions(
        request.getStdin(), request.getStdout(), request.getStderr(), request.getTty());
  }

  static StreamOptions of(AttachRequest request) {
    return new StreamOptions(
        request.getStdin(), request.getStdout(), request.getStderr(), request.getTty());
  }
}
