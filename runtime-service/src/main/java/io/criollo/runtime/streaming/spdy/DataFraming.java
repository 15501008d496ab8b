// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.spdy;

import io.criollo.runtime.streaming.wire.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import java.util.Optional;

/// Data frames of one stream; the last carries the FIN flag.
record DataFraming(int streamId) implements Framing {
  @Override
  public Object data(ByteBuf bytes) {
    return new DefaultSpdyDataFrame(streamId, bytes);
  }

  @Override
  public Optional<Object> end() {
    return Optional.of(new DefaultSpdyDataFrame(streamId).setLast(true));
  }
}
