// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameSplitterTest {
  private final Random random = new Random(5);

  @Test
  void messagesOfEverySizeComeOutWhole() {
    int edge = FrameSplitter.LARGEST;
    for (int size :
        new int[] {
          0, 1, 125, 126, 65_535, 65_536, edge, edge + 1, edge + 125, edge + 126, 500_000
        }) {
      var message = new byte[size];
      random.nextBytes(message);
      assertThat(message(feed(masked(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message))))))
          .isEqualTo(message);
    }
  }

  @Test
  void fragmentsOfTheClientStayFragments() {
    var bytes = Unpooled.buffer();
    bytes.writeBytes(masked(new BinaryWebSocketFrame(false, 0, filled(200_000))));
    bytes.writeBytes(masked(new PingWebSocketFrame(filled(3))));
    bytes.writeBytes(masked(new ContinuationWebSocketFrame(true, 0, filled(100_000))));
    assertThat(message(feed(bytes))).hasSize(300_000);
  }

  @Test
  void aLengthBelowZeroIsRefused() {
    var channel = new EmbeddedChannel(new FrameSplitter());
    var header =
        Unpooled.wrappedBuffer(new byte[] {(byte) 0x82, (byte) 0xff, -1, 0, 0, 0, 0, 0, 0, 0});
    var mask = Unpooled.wrappedBuffer(new byte[4]);
    channel.writeInbound(header);
    assertThatThrownBy(() -> channel.writeInbound(mask))
        .isInstanceOf(CorruptedFrameException.class);
    channel.finishAndReleaseAll();
  }

  @Test
  void anEndlessFrameIsNeverHeld() {
    var channel = new EmbeddedChannel(new FrameSplitter(), decoder());
    channel.writeInbound(
        Unpooled.wrappedBuffer(
            new byte[] {(byte) 0x82, (byte) 0xff, 0x7f, -1, -1, -1, -1, -1, -1, -1}));
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4}));
    long passed = 0;
    for (int i = 0; i < 100; i++) {
      channel.writeInbound(filled(50_000));
      for (WebSocketFrame f = channel.readInbound(); f != null; f = channel.readInbound()) {
        passed += f.content().readableBytes();
        f.release();
      }
    }
    assertThat(passed).isGreaterThan(100 * 50_000 - FrameSplitter.LARGEST);
    channel.finishAndReleaseAll();
  }

  private ByteBuf filled(int size) {
    var bytes = new byte[size];
    random.nextBytes(bytes);
    return Unpooled.wrappedBuffer(bytes);
  }

  /// Feeds the bytes in pieces of random size.
  private EmbeddedChannel feed(ByteBuf bytes) {
    var channel = new EmbeddedChannel(new FrameSplitter(), decoder());
    while (bytes.isReadable()) {
      int size =
          Math.min(bytes.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 20 : 90_000));
      channel.writeInbound(bytes.readRetainedSlice(size));
    }
    bytes.release();
    return channel;
  }

  private static byte[] message(EmbeddedChannel channel) {
    var message = Unpooled.buffer();
    boolean whole = false;
    for (WebSocketFrame f = channel.readInbound(); f != null; f = channel.readInbound()) {
      if (!(f instanceof PingWebSocketFrame)) {
        assertThat(whole).isFalse();
        assertThat(f.content().readableBytes()).isLessThanOrEqualTo(FrameSplitter.LARGEST);
        message.writeBytes(f.content());
        whole = f.isFinalFragment();
      }
      f.release();
    }
    assertThat(whole).isTrue();
    channel.finishAndReleaseAll();
    var array = new byte[message.readableBytes()];
    message.readBytes(array);
    return array;
  }

  private static ByteBuf masked(WebSocketFrame frame) {
    var channel = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
    channel.writeOutbound(frame);
    var bytes = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      bytes.writeBytes(part);
      part.release();
    }
    channel.finishAndReleaseAll();
    return bytes;
  }

  private static WebSocket13FrameDecoder decoder() {
    return new WebSocket13FrameDecoder(
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(FrameSplitter.LARGEST)
            .allowExtensions(false)
            .build());
  }
}
