// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;

/// Ties a thread to a connection: it is interrupted when the connection is gone. Closed by that
/// thread, which hears nothing of it afterwards; an interrupt of before may still be pending.
public final class Tether implements AutoCloseable {
  private final ChannelFuture gone;
  private final ChannelFutureListener pull = _ -> pull();
  private final Thread thread;
  private boolean closed;

  Tether(ChannelFuture gone, Thread thread) {
    this.gone = gone;
    this.thread = thread;
    gone.addListener(pull);
  }

  private synchronized void pull() {
    if (!closed) {
      thread.interrupt();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    gone.removeListener(pull);
  }
}
