// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundInvoker;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Stops reading from a client whose bytes are not taken, or that does not take our answers, so
/// that it can fill no memory, and many together little more. Thread-safe.
public final class ReadGate {
  private static final long HELD_HIGH = 512 * 1024;

  /// Once the budget of all connections is spent: what the taker of one stream has at hand.
  private static final long SPARSE_HIGH = 16 * 1024;

  private static final int ANSWERS_HIGH = 64;

  private final Channel channel;
  private final InputBudget budget;
  private final AtomicLong held = new AtomicLong();
  private final AtomicInteger answers = new AtomicInteger();
  private volatile boolean shut;
  private volatile boolean abandoned;
  private boolean gone;

  ReadGate(Channel channel, InputBudget budget) {
    this.channel = channel;
    this.budget = budget;
    channel.closeFuture().addListener(_ -> leave());
  }

  boolean isShut() {
    return shut;
  }

  /// Bytes came that nobody has taken yet. On the event loop.
  void hold(int bytes) {
    count(bytes);
    update();
  }

  /// They are taken. On any thread.
  void release(int bytes) {
    count(-bytes);
    reopen();
  }

  private synchronized void count(long bytes) {
    held.addAndGet(bytes);
    if (!gone) {
      budget.add(bytes);
    }
  }

  /// The takers of a connection that is gone drop what is left.
  private synchronized void leave() {
    gone = true;
    budget.add(-held.get());
  }

  /// Sends a reply that the client provoked (a pong, a refusal). On the event loop.
  public void answer(Object message) {
    answer(channel, message);
  }

  /// The same, from one place of the pipeline on.
  public void answer(ChannelOutboundInvoker from, Object message) {
    answers.incrementAndGet();
    from.writeAndFlush(message).addListener(_ -> answered());
    update();
  }

  /// From now on all that comes is dropped by its receivers: read it away.
  void open() {
    abandoned = true;
    channel.eventLoop().execute(this::update);
  }

  private void answered() {
    answers.decrementAndGet();
    reopen();
  }

  private void reopen() {
    if (shut && !tooMuch(low())) {
      channel.eventLoop().execute(this::update);
    }
  }

  private void update() {
    boolean shutNow = tooMuch(shut ? low() : high());
    shut = shutNow;
    if (shutNow && !tooMuch(low())) {
      // released between the two lines above, by a thread that saw the gate open
      shutNow = false;
      shut = false;
    }
    if (channel.config().isAutoRead() == shutNow) {
      channel.config().setAutoRead(!shutNow);
    }
  }

  private long high() {
    return budget.isSpent() ? SPARSE_HIGH : HELD_HIGH;
  }

  private long low() {
    return high() / 2;
  }

  private boolean tooMuch(long bytes) {
    return !abandoned && (held.get() > bytes || answers.get() > ANSWERS_HIGH);
  }
}
