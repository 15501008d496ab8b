// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// How a protocol wraps what goes out on one stream.
public interface Framing {
  /// {@return the message that carries the bytes, which it takes over}
  Object data(ByteBuf bytes);

  /// {@return the message that ends the stream, where the protocol has one}
  Optional<Object> end();
}
