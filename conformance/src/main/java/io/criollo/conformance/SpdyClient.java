// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// A client's end of a SPDY connection: a plain socket and netty's codec. Used by one thread.
public final class SpdyClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;

  private final String response;
  private final List<Object> control = new ArrayList<>();
  private final Socket socket;
  private final EmbeddedChannel codec =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final Map<Integer, ByteArrayOutputStream> received = new HashMap<>();
  private final List<Integer> ended = new ArrayList<>();
  private int nextId = 1;
  private boolean hungUp;

  private SpdyClient(Socket socket, String response) {
    this.socket = socket;
    this.response = response;
  }

  public static SpdyClient connect(String url, String protocols) throws IOException {
    return request(url, "POST", "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n" + protocols);
  }

  /// Sends a request with these header lines and reads the head of the response.
  public static SpdyClient request(String url, String method, String headers) throws IOException {
    var uri = URI.create(url);
    return over(new Socket(uri.getHost(), uri.getPort()), uri, method, headers);
  }

  /// The same over a connection that is there.
  public static SpdyClient over(Socket socket, URI uri, String method, String headers)
      throws IOException {
    socket.setSoTimeout(TIMEOUT_MILLIS);
    var head = "%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(method, uri.getPath(), headers);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    var response = new StringBuilder();
    while (response.indexOf("\r\n\r\n") < 0) {
      int c = socket.getInputStream().read();
      if (c < 0) {
        break;
      }
      response.append((char) c);
    }
    return new SpdyClient(socket, response.toString());
  }

  /// {@return the head of the server's answer}
  public String response() {
    return response;
  }

  /// {@return what came but for data, in netty's words}
  public List<Object> control() {
    return control;
  }

  /// {@return whether the server has hung up}
  public boolean hungUp() {
    return hungUp;
  }

  /// {@return the new stream's id}
  public int open(String... headers) throws IOException {
    int id = nextId;
    nextId += 2;
    var syn = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
    for (int i = 0; i < headers.length; i += 2) {
      syn.headers().add(headers[i], headers[i + 1]);
    }
    send(syn);
    return id;
  }

  public int openTyped(String type) throws IOException {
    return open("streamtype", type);
  }

  public void data(int id, String text) throws IOException {
    data(id, text.getBytes(StandardCharsets.UTF_8));
  }

  public void data(int id, byte[] bytes) throws IOException {
    send(new DefaultSpdyDataFrame(id, Unpooled.wrappedBuffer(bytes)));
  }

  public void end(int id) throws IOException {
    send(new DefaultSpdyDataFrame(id).setLast(true));
  }

  public void reset(int id) throws IOException {
    send(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.CANCEL));
  }

  public void send(Object frame) throws IOException {
    codec.writeOutbound(frame);
    for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
      bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
      bytes.release();
    }
  }

  public void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /// Reads until the stream's end; {@return all it carried}
  public String readAll(int id) throws IOException {
    await(() -> ended.contains(id));
    return text(id);
  }

  public String text(int id) {
    var bytes = received.get(id);
    return bytes == null ? "" : bytes.toString(StandardCharsets.UTF_8);
  }

  public void awaitHangUp() throws IOException {
    await(() -> hungUp);
  }

  /// Reads until the condition holds or the server hangs up.
  public void await(BooleanSupplier condition) throws IOException {
    var buffer = new byte[64 * 1024];
    while (!condition.getAsBoolean() && !hungUp) {
      int count = read(buffer);
      if (count < 0) {
        hungUp = true;
        return;
      }
      codec.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
      for (var frame = codec.<Object>readInbound(); frame != null; frame = codec.readInbound()) {
        take(frame);
      }
    }
  }

  private int read(byte[] buffer) throws IOException {
    try {
      return socket.getInputStream().read(buffer);
    } catch (java.net.SocketException e) {
      return -1; // reset
    }
  }

  private void take(Object frame) throws IOException {
    if (!(frame instanceof SpdyDataFrame data)) {
      control.add(frame);
      return;
    }
    var into = received.computeIfAbsent(data.streamId(), id -> new ByteArrayOutputStream());
    data.content().readBytes(into, data.content().readableBytes());
    if (data.isLast()) {
      ended.add(data.streamId());
    }
    data.release();
  }

  /// Leaves without a word.
  public void cut() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    cut();
    codec.finishAndReleaseAll();
  }
}
