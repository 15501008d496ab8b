// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.FdChannel;
import io.criollo.conmon.protocol.Hello;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.Fd;

/// One who has connected, and the protocol version that both speak.
record Caller(Wire wire, FdChannel channel, int version) {
  Fd socket() {
    return channel.socket();
  }

  /// {@return whether it wants to hear how much of its input was taken}
  boolean counts() {
    return version >= Hello.COUNTED_INPUT;
  }
}
