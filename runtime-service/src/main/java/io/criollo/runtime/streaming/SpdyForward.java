// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.streaming.spdy.SpdyConnection;
import io.criollo.runtime.streaming.spdy.SpdyStream;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Puts the streams of a port-forward connection together: for each forwarded connection a client
/// opens an error and a data stream with the same request id. All on the event loop.
final class SpdyForward implements SpdyConnection.Acceptor {
  static final List<String> PROTOCOLS = List.of("portforward.k8s.io");

  private static final String DATA = "data";
  private static final String ERROR = "error";

  /// A connection to forward; whoever gets it closes it.
  record Pair(SpdyStream data, SpdyStream error, int port) implements AutoCloseable {
    @Override
    public void close() {
      data.close();
      error.close();
    }
  }

  private final EventLoop loop;
  private final Duration patience;
  private final Consumer<Pair> complete;
  private final Map<String, Half> waiting = new HashMap<>();

  /// A stream whose other one has not come yet.
  private record Half(SpdyStream stream, Future<?> deadline) {}

  SpdyForward(EventLoop loop, Duration patience, Consumer<Pair> complete) {
    this.loop = loop;
    this.patience = patience;
    this.complete = complete;
  }

  @Override
  public boolean accept(SpdyStream stream) {
    var type = stream.header("streamType");
    int port = port(stream.header("port"));
    if (port == 0 || !(type.equals(DATA) || type.equals(ERROR))) {
      return false;
    }
    var request = requestId(stream, type);
    var half = waiting.get(request);
    if (half == null) {
      waiting.put(request, new Half(stream, expiry(request, stream)));
      return true;
    }
    var other = half.stream;
    if (other.header("streamType").equals(type)) {
      return false;
    }
    waiting.remove(request);
    half.deadline.cancel(false); // or it would hold a connection that may be over long before
    var pair = type.equals(DATA) ? new Pair(stream, other, port) : new Pair(other, stream, port);
    pair.error.input().close();
    // after the reply to this stream
    loop.execute(() -> complete.accept(pair));
    return true;
  }

  /// Clients older than request ids open the error stream, then its data stream: the next odd id.
  private static String requestId(SpdyStream stream, String type) {
    var id = stream.header("requestID");
    if (!id.isEmpty()) {
      return id;
    }
    return "stream " + (type.equals(DATA) ? stream.id() - 2 : stream.id());
  }

  private Future<?> expiry(String request, SpdyStream stream) {
    Runnable expire =
        () -> {
          waiting.remove(request);
          stream.reset();
          stream.close();
        };
    return loop.schedule(expire, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// {@return the port, 0 when it is none}
  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port > 0 && port <= 0xffff ? port : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
