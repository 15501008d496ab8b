// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.streaming.spdy.SpdyConnection;
import io.criollo.runtime.streaming.spdy.SpdyLimits;
import io.criollo.runtime.streaming.wire.InputBudget;
import io.criollo.runtime.streaming.wire.Wire;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpdyForwardTest {
  private static final long NOTHING = -1;

  private final EmbeddedChannel client =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<SpdyForward.Pair> pairs = new ArrayList<>();

  @Test
  void onlyHalfAPairIsWaitedFor() {
    var wire = new Wire(channel, new byte[0], new InputBudget(0));
    var forward = new SpdyForward(channel.eventLoop(), Duration.ofMinutes(1), pairs::add);
    var _ = SpdyConnection.install(channel.pipeline(), wire, SpdyLimits.ofStreams(2), forward);

    open(1, "error");
    assertThat(channel.runScheduledPendingTasks()).isPositive();
    open(3, "data");
    channel.runPendingTasks();

    assertThat(pairs).hasSize(1);
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(NOTHING);
    channel.finishAndReleaseAll();
    client.finishAndReleaseAll();
  }

  private void open(int id, String type) {
    client.writeOutbound(SpdyFrames.syn(id, "streamtype", type, "port", "80", "requestid", "1"));
    for (Object part = client.readOutbound(); part != null; part = client.readOutbound()) {
      channel.writeInbound(part);
    }
  }
}
