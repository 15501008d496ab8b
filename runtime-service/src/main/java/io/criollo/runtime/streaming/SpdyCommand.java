// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.streaming.spdy.SpdyConnection;
import io.criollo.runtime.streaming.spdy.SpdyStream;
import io.criollo.runtime.streaming.wire.Inbox;
import io.criollo.runtime.streaming.wire.Outlet;
import io.criollo.runtime.streaming.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Collects the streams that a client opens for an exec or attach: one of each kind that it asked
/// for. Streams come on the event loop and are awaited by the session's thread.
final class SpdyCommand implements SpdyConnection.Acceptor {
  /// Subprotocols, in the order of age; those before v3 know no resizing, those before v4 no JSON.
  static final List<String> PROTOCOLS =
      List.of("v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io");

  /// What a client speaks that names no protocol.
  static final String OLDEST = "channel.k8s.io";

  private static final String TYPE = "streamType";

  private final Set<String> missing = new HashSet<>();
  private final Set<String> expected;
  private final BlockingQueue<SpdyStream> opened = new LinkedBlockingQueue<>();
  private final boolean jsonStatus;

  SpdyCommand(StreamOptions options, String protocol) {
    jsonStatus = protocol.startsWith("v4.");
    missing.add("error");
    add(options.stdin(), "stdin");
    add(options.stdout(), "stdout");
    add(options.stderr(), "stderr");
    add(options.terminal() && (jsonStatus || protocol.startsWith("v3.")), "resize");
    expected = Set.copyOf(missing);
  }

  private void add(boolean wanted, String type) {
    if (wanted) {
      missing.add(type);
    }
  }

  @Override
  public boolean accept(SpdyStream stream) {
    var type = stream.header(TYPE);
    if (!missing.remove(type)) {
      return false;
    }
    if (!type.equals("stdin") && !type.equals("resize")) {
      stream.input().close();
    }
    return opened.add(stream);
  }

  /// {@return the streams, once all are there}
  CommandStreams await(Wire wire, Duration limit) throws IOException, InterruptedException {
    var streams = new HashMap<String, SpdyStream>();
    long deadline = System.nanoTime() + limit.toNanos();
    while (streams.size() < expected.size()) {
      var next = opened.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new IOException("client opened " + streams.keySet() + " of " + expected);
      }
      streams.put(next.header(TYPE), next);
    }
    return new CommandStreams(
        input(streams, "stdin", wire),
        output(streams, "stdout"),
        output(streams, "stderr"),
        input(streams, "resize", wire),
        output(streams, "error"),
        jsonStatus);
  }

  private static Inbox input(Map<String, SpdyStream> streams, String type, Wire wire) {
    var stream = streams.get(type);
    if (stream != null) {
      return stream.input();
    }
    var none = new Inbox(wire.gate());
    none.end();
    return none;
  }

  /// An output that was not asked for is not written to: any will do.
  private static Outlet output(Map<String, SpdyStream> streams, String type) {
    return streams.getOrDefault(type, streams.values().iterator().next()).output();
  }
}
