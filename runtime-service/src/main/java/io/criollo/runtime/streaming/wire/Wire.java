// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One client connection, for blocking senders: a send waits while the client does not read. The
/// way in is gated by [ReadGate]; while it is shut, heartbeats find out whether the client is still
/// there. Sits in the channel's pipeline and lives as long as the channel. Thread-safe.
public final class Wire extends ChannelDuplexHandler {
  /// How long a client may take to hang up after it was told that all is over.
  private static final Duration LINGER = Duration.ofSeconds(30);

  /// A client that left is noticed at the second: its kernel answers the first with a reset.
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  private final Channel channel;
  private final ByteBuf heartbeat;
  private final ReadGate gate;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// @param heartbeat a frame of the channel's protocol on which clients do nothing: an answer
  ///   would wait behind what they cannot send
  /// @param budget what all connections share
  public Wire(Channel channel, byte[] heartbeat, InputBudget budget) {
    this.channel = channel;
    this.heartbeat = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(heartbeat));
    this.gate = new ReadGate(channel, budget);
  }

  public Channel channel() {
    return channel;
  }

  public ReadGate gate() {
    return gate;
  }

  /// Sends one message of the protocol that the pipeline speaks; takes it over in any case.
  ///
  /// @throws IOException when the client is gone
  public void send(Object message) throws IOException, InterruptedException {
    boolean taken = false;
    lock.lock();
    try {
      while (!channel.isWritable() && channel.isActive()) {
        changed.await();
      }
      if (!channel.isActive()) {
        throw new IOException("client is gone");
      }
      taken = true;
      // inside the lock: the message counts before the next sender looks
      var _ = channel.writeAndFlush(message, channel.voidPromise());
    } finally {
      lock.unlock();
      if (!taken) {
        ReferenceCountUtil.release(message);
      }
    }
  }

  /// Ends the connection after all that was sent: `last` goes out, then no more; what still comes
  /// is dropped until the client hangs up.
  public void finish(Object last) {
    gate.open();
    channel.writeAndFlush(last).addListener(_ -> awaitHangUp());
  }

  private void awaitHangUp() {
    var tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      shutDown();
    } else {
      tls.closeOutbound().addListener(_ -> shutDown());
    }
    var hangUp =
        channel.eventLoop().schedule(() -> close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(_ -> hangUp.cancel(false));
  }

  private void shutDown() {
    if (channel instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    }
  }

  /// Cuts the connection.
  public void close() {
    var _ = channel.close();
  }

  /// Has the calling thread interrupted once the connection is gone, and not after it is closed.
  public Tether tether() {
    return new Tether(channel.closeFuture(), Thread.currentThread());
  }

  /// Runs `action` on the event loop once the connection is gone; it must not block.
  public void onClosed(Runnable action) {
    channel.closeFuture().addListener((ChannelFutureListener) _ -> action.run());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    var beats =
        context
            .executor()
            .scheduleAtFixedRate(
                () -> beat(context),
                HEARTBEAT.toMillis(),
                HEARTBEAT.toMillis(),
                TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(_ -> beats.cancel(false));
  }

  /// Goes out behind the back of the handler that measures idleness.
  private void beat(ChannelHandlerContext context) {
    if (gate.isShut() && channel.isWritable()) {
      var idle = context.pipeline().context(IdleStateHandler.class);
      var _ = (idle == null ? context : idle).writeAndFlush(heartbeat.duplicate());
    }
  }

  /// Decoders ask for more when they have passed nothing on, also while reading is switched off;
  /// the SPDY codec never sees that it has passed something on.
  @Override
  public void read(ChannelHandlerContext context) {
    if (!gate.isShut()) {
      context.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    wakeSenders();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    wakeSenders();
    context.fireChannelInactive();
  }

  /// Nothing came or went for the idle time.
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      close();
    }
    context.fireUserEventTriggered(event);
  }

  private void wakeSenders() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
