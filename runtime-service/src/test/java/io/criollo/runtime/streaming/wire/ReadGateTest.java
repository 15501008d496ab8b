// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ReadGateTest {
  private static final int MEBIBYTE = 1 << 20;

  private final InputBudget budget = new InputBudget(MEBIBYTE);

  @Test
  void aConnectionAloneMayHoldHalfAMebibyte() {
    var channel = new EmbeddedChannel();
    var gate = new ReadGate(channel, budget);

    gate.hold(MEBIBYTE / 2);
    assertThat(channel.config().isAutoRead()).isTrue();
    gate.hold(1);
    assertThat(channel.config().isAutoRead()).isFalse();
    gate.release(MEBIBYTE / 4 + 1);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void manyConnectionsHoldLittleOnceTheyHoldTooMuchTogether() {
    var channels = new ArrayList<EmbeddedChannel>();
    long held = 0;
    for (int i = 0; i < 200; i++) {
      var channel = new EmbeddedChannel();
      channels.add(channel);
      var gate = new ReadGate(channel, budget);
      while (channel.config().isAutoRead()) {
        gate.hold(4096);
        held += 4096;
      }
    }

    assertThat(held).isLessThan(MEBIBYTE + MEBIBYTE / 2 + 200 * 24 * 1024);
    channels.forEach(EmbeddedChannel::finish);
    var channel = new EmbeddedChannel();
    new ReadGate(channel, budget).hold(MEBIBYTE / 2);
    assertThat(channel.config().isAutoRead()).as("what they held is free again").isTrue();
  }

  @Test
  void whatIsTakenWhileTheBudgetIsSpentOpensTheGateAgain() {
    var others = new ReadGate(new EmbeddedChannel(), budget);
    others.hold(2 * MEBIBYTE);
    var channel = new EmbeddedChannel();
    var gate = new ReadGate(channel, budget);

    gate.hold(100_000);
    assertThat(channel.config().isAutoRead()).isFalse();
    gate.release(100_000);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void whatIsTakenAfterTheConnectionIsGoneIsNotCountedTwice() {
    var channel = new EmbeddedChannel();
    var gate = new ReadGate(channel, budget);
    gate.hold(MEBIBYTE);
    channel.finish();
    gate.release(MEBIBYTE);

    var others = new ReadGate(new EmbeddedChannel(), budget);
    others.hold(MEBIBYTE + 1);
    assertThat(budget.isSpent()).isTrue();
  }
}
