// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.streaming.websocket.ChannelConnection;
import io.criollo.runtime.streaming.wire.Wire;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The running sessions: a virtual thread each, interrupted when the client's connection is gone.
/// Closed by the server, after the connections.
final class Sessions implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Sessions.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("stream-", 0).factory());
  private final StreamSession.Opener<ExecRequest> exec;
  private final StreamSession.Opener<AttachRequest> attach;
  private final PodPorts ports;
  private final Map<Wire, Runnable> farewells = new ConcurrentHashMap<>();

  @FunctionalInterface
  private interface Session {
    void run() throws IOException, InterruptedException;
  }

  Sessions(
      StreamSession.Opener<ExecRequest> exec,
      StreamSession.Opener<AttachRequest> attach,
      PodPorts ports) {
    this.exec = exec;
    this.attach = attach;
    this.ports = ports;
  }

  /// Runs an exec or attach; `end` ends the connection.
  void command(Wire wire, StreamingCall.Command call, CommandStreams.Opener streams, Runnable end) {
    var command =
        switch (call) {
          case StreamingCall.Exec(var request, var options) ->
              new RemoteCommand(options, true, () -> exec.open(request));
          case StreamingCall.Attach(var request, var options) ->
              new RemoteCommand(options, false, () -> attach.open(request));
        };
    onStop(wire, command::leave);
    start(() -> {
      try {
        command.run(wire, streams);
      } finally {
        end.run();
      }
    });
  }

  /// Runs one forwarded connection among others of the same client.
  void forward(Wire wire, String podId, SpdyForward.Pair pair) {
    start(() -> forwardPair(wire, podId, pair));
  }

  private void forwardPair(Wire wire, String podId, SpdyForward.Pair pair)
      throws IOException, InterruptedException {
    try (pair;
        var _ = wire.tether()) {
      try {
        new Forwarding(ports, podId, pair.port()).run(pair.data().input(), pair.data().output());
      } catch (IOException | Refusal e) {
        var text = "error forwarding: " + e.getMessage();
        pair.error().output().write(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
        pair.data().reset();
      }
      pair.error().output().end();
    }
  }

  /// Runs the forwarded connections of a client with numbered channels.
  void forward(Wire wire, WebSocketForward forward, ChannelConnection connection) {
    start(() -> {
      try (connection;
          var _ = wire.tether()) {
        forward.run(connection);
      }
    });
  }

  PodPorts ports() {
    return ports;
  }

  /// Has the client told when the daemon ends; it hangs up then.
  void onStop(Wire wire, Runnable farewell) {
    farewells.put(wire, farewell);
    wire.onClosed(() -> farewells.remove(wire));
  }

  /// Tells all clients that the daemon ends.
  void stop() {
    farewells.values().forEach(Runnable::run);
  }

  /// It begins in any case, also when its client is gone by then: it must let go of what it got.
  private void start(Session session) {
    threads.execute(() -> {
      try {
        session.run();
      } catch (IOException | InterruptedException e) {
        LOG.log(Level.DEBUG, "streaming session ended: {0}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "streaming session failed", e);
      }
    });
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "streaming sessions still run at shutdown");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
