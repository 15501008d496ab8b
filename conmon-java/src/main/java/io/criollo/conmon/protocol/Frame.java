// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.util.Arrays;

/// What one length-prefixed frame holds.
public sealed interface Frame {
  /// A JSON message.
  record Text(Message message) implements Frame {}

  /// Bytes of a stream.
  @SuppressWarnings("ArrayRecordComponent") // has its own equals
  record Data(Stream stream, byte[] bytes) implements Frame {
    @Override
    public boolean equals(Object other) {
      return other instanceof Data data
          && data.stream == stream
          && Arrays.equals(data.bytes, bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes) * 31 + stream.hashCode();
    }
  }
}
