// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.streaming.wire.Inbox;
import io.criollo.runtime.streaming.wire.Outlet;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Optional;

/// The client's streams of an exec or attach, whatever the protocol. Those that were not asked for
/// are not used.
record CommandStreams(
    Inbox stdin, Outlet stdout, Outlet stderr, Inbox resize, Outlet error, boolean jsonStatus) {

  /// Opens them; waits until the client has done its part.
  @FunctionalInterface
  interface Opener {
    CommandStreams open() throws IOException, InterruptedException;
  }

  /// Tells the client how it ended.
  void report(Outcome outcome) throws IOException, InterruptedException {
    var text = jsonStatus ? Optional.of(outcome.json()) : outcome.text();
    if (text.isPresent()) {
      error.write(Unpooled.wrappedBuffer(text.get()));
    }
    error.end();
  }
}
