// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/// Whole SPDY conversations as bytes: what a client sends, and what a server sent.
final class SpdyFrames {
  private SpdyFrames() {}

  static SpdyFrame syn(int id, String... headers) {
    var syn = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
    for (int i = 0; i < headers.length; i += 2) {
      syn.headers().add(headers[i], headers[i + 1]);
    }
    return syn;
  }

  static byte[] bytes(SpdyFrame... frames) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    codec.writeOutbound((Object[]) frames);
    for (ByteBuf part = codec.readOutbound(); part != null; part = codec.readOutbound()) {
      part.readBytes(bytes, part.readableBytes());
      part.release();
    }
    codec.finishAndReleaseAll();
    return bytes.toByteArray();
  }

  /// {@return what a stream carried}
  static String text(byte[] frames, int id) {
    var text = new StringBuilder();
    data(frames, id, data -> text.append(data.content().toString(UTF_8)));
    return text.toString();
  }

  /// {@return whether a stream came to its end}
  static boolean ended(byte[] frames, int id) {
    var ends = new StringBuilder();
    data(frames, id, data -> ends.append(data.isLast() ? "." : ""));
    return !ends.isEmpty();
  }

  private static void data(byte[] frames, int id, Consumer<SpdyDataFrame> take) {
    var codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    codec.writeInbound(Unpooled.wrappedBuffer(frames));
    for (Object frame = codec.readInbound(); frame != null; frame = codec.readInbound()) {
      if (frame instanceof SpdyDataFrame data && data.streamId() == id) {
        take.accept(data);
      }
      ReferenceCountUtil.release(frame);
    }
    codec.finishAndReleaseAll();
  }
}
