// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;

/// A client of a streaming URL: numbered channels over the JDK's WebSocket. What comes is collected
/// by channel.
final class ChannelClient implements WebSocket.Listener, AutoCloseable {
  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;
  static final int OUTCOME = 3;
  static final int RESIZE = 4;

  private static final int CLOSE_CHANNEL = 255;
  private static final int PATIENCE_SECONDS = 120;
  private static final int QUIET_SECONDS = 5;

  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final Map<Integer, ByteArrayOutputStream> received = new ConcurrentHashMap<>();
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final AtomicBoolean paused = new AtomicBoolean();
  private final HttpClient http;
  private final WebSocket socket;

  private ChannelClient(HttpClient http, String url, String protocol) throws Exception {
    this.http = http;
    this.socket =
        http.newWebSocketBuilder()
            .subprotocols(protocol)
            .buildAsync(URI.create(url.replaceFirst("^http", "ws")), this)
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static ChannelClient connect(String url, String protocol) throws Exception {
    return new ChannelClient(HttpClient.newHttpClient(), url, protocol);
  }

  /// A client that trusts whom it is told to.
  static ChannelClient connect(SSLContext trust, String url, String protocol) throws Exception {
    return new ChannelClient(HttpClient.newBuilder().sslContext(trust).build(), url, protocol);
  }

  void send(int channel, String text) throws IOException, InterruptedException {
    var bytes = text.getBytes(UTF_8);
    send(ByteBuffer.allocate(1 + bytes.length).put((byte) channel).put(bytes).flip());
  }

  void end(int channel) throws IOException, InterruptedException {
    send(ByteBuffer.wrap(new byte[] {(byte) CLOSE_CHANNEL, (byte) channel}));
  }

  private void send(ByteBuffer bytes) throws IOException, InterruptedException {
    try {
      socket.sendBinary(bytes, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("send to the streaming server", e);
    }
  }

  /// Waits until the server has closed.
  void awaitEnd() throws Exception {
    var _ = closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /// Waits until the connection is gone, however that came. A client that did not read when the
  /// server died may hear nothing of it until it sends: this one asks after a while.
  void awaitCut() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!ended() && sends()) {
      assertThat(System.nanoTime()).as("time at which the server is there still").isLessThan(end);
    }
  }

  private boolean ended() throws Exception {
    try {
      return closed.handle((_, _) -> true).get(QUIET_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      return false;
    }
  }

  private boolean sends() throws Exception {
    try {
      var _ = socket.sendPing(ByteBuffer.allocate(0)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException gone) {
      return false;
    }
  }

  /// {@return how many bytes came}
  int count(int channel) {
    return received.computeIfAbsent(channel, _ -> new ByteArrayOutputStream()).size();
  }

  String text(int channel) {
    return received.computeIfAbsent(channel, _ -> new ByteArrayOutputStream()).toString(UTF_8);
  }

  /// Reads no more, until [#resume].
  void pause() {
    paused.set(true);
  }

  void resume() {
    paused.set(false);
    socket.request(1);
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    var part = new byte[data.remaining()];
    data.get(part);
    message.writeBytes(part);
    if (last) {
      var whole = message.toByteArray();
      received
          .computeIfAbsent((int) whole[0], _ -> new ByteArrayOutputStream())
          .write(whole, 1, whole.length - 1);
      message.reset();
    }
    if (!paused.get()) {
      from.request(1);
    }
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

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
