// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/// A client of the numbered channels: the JDK's WebSocket. What comes is collected by channel.
final class WebSocketClient implements WebSocket.Listener, AutoCloseable {
  /// Header lines of a plain upgrade request.
  static final String UPGRADE =
      String.join(
          "\r\n",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "");

  private static final int TIMEOUT_SECONDS = 20;

  final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final Map<Integer, ByteArrayOutputStream> received = new ConcurrentHashMap<>();
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final StringBuilder text = new StringBuilder();
  private final HttpClient http;
  private final WebSocket socket;

  private WebSocketClient(HttpClient http, String url, String protocol) throws Exception {
    this.http = http;
    var builder = http.newWebSocketBuilder();
    if (!protocol.isEmpty()) {
      builder.subprotocols(protocol);
    }
    this.socket =
        builder
            .buildAsync(URI.create(url.replaceFirst("^http", "ws")), this)
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  static WebSocketClient connect(String url, String protocol) throws Exception {
    return new WebSocketClient(HttpClient.newHttpClient(), url, protocol);
  }

  static WebSocketClient connect(SSLContext trust, String url, String protocol) throws Exception {
    return new WebSocketClient(HttpClient.newBuilder().sslContext(trust).build(), url, protocol);
  }

  String protocol() {
    return socket.getSubprotocol();
  }

  void send(int channel, String bytes) throws Exception {
    var message = ByteBuffer.allocate(1 + bytes.length());
    message.put((byte) channel).put(bytes.getBytes(UTF_8)).flip();
    send(message, true);
  }

  void send(ByteBuffer fragment, boolean last) throws Exception {
    socket.sendBinary(fragment, last).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  void sendBase64(int channel, String bytes) throws Exception {
    var encoded = channel + Base64.getEncoder().encodeToString(bytes.getBytes(UTF_8));
    socket.sendText(encoded, true).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  void endChannel(int channel) throws Exception {
    send(ByteBuffer.wrap(new byte[] {(byte) 255, (byte) channel}), true);
  }

  /// Waits for the server's close; {@return its status}
  int awaitClose() throws Exception {
    return closed.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /// Waits until a channel has carried just this.
  void await(int channel, String wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!text(channel).equals(wanted)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("instead of " + wanted + ": " + text(channel));
      }
      Thread.sleep(10);
    }
  }

  String text(int channel) {
    return channel(channel).toString(UTF_8);
  }

  byte[] bytes(int channel) {
    return channel(channel).toByteArray();
  }

  boolean knows(int channel) {
    return received.containsKey(channel);
  }

  private ByteArrayOutputStream channel(int channel) {
    return received.computeIfAbsent(channel, c -> new ByteArrayOutputStream());
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    while (data.hasRemaining()) {
      message.write(data.get());
    }
    if (last) {
      var whole = message.toByteArray();
      channel(whole[0]).write(whole, 1, whole.length - 1);
      message.reset();
    }
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      channel(text.charAt(0) - '0').writeBytes(Base64.getDecoder().decode(text.substring(1)));
      text.setLength(0);
    }
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closed.complete(status);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }

  /// Leaves without a word.
  void cut() {
    socket.abort();
  }

  @Override
  public void close() {
    cut();
    http.shutdownNow();
  }
}
