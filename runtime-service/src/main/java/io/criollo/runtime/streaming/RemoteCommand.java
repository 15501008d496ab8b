// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.streaming.wire.Inbox;
import io.criollo.runtime.streaming.wire.InboxStream;
import io.criollo.runtime.streaming.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One exec or attach from its client's streams to the outcome, on one virtual thread, which is
/// interrupted when the client goes, but not while a process is started: that could not be hung up
/// then. Everything it opened is gone when it ends.
final class RemoteCommand {
  private static final Logger LOG = System.getLogger(RemoteCommand.class.getName());

  /// What a client is told when the daemon is stopped under it.
  private static final Outcome LEFT =
      Outcome.failed("the runtime is stopping or restarting; what ran goes on without this client");

  private static final Duration TO_HANG_UP = Duration.ofSeconds(2);

  private final StreamOptions options;
  private final boolean reportsExit;
  private final Callable<StreamSession> opener;
  private volatile boolean leaving;
  private volatile @Nullable StreamSession current;

  /// `reportsExit`: the outcome is the process's exit code, else only that the end was reached.
  RemoteCommand(StreamOptions options, boolean reportsExit, Callable<StreamSession> opener) {
    this.options = options;
    this.reportsExit = reportsExit;
    this.opener = opener;
  }

  void run(Wire wire, CommandStreams.Opener streams) throws IOException, InterruptedException {
    CommandStreams client;
    try (var _ = wire.tether()) {
      client = streams.open();
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("client is gone");
    }
    client.report(outcome(wire, client));
  }

  /// The daemon ends: tells the client, and lets the process go on. Waits for nothing; from any
  /// thread.
  void leave() {
    leaving = true;
    leave(current);
  }

  private static void leave(@Nullable StreamSession session) {
    try {
      if (session != null) {
        session.leave();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "streaming session ended by itself", e);
    }
  }

  private Outcome outcome(Wire wire, CommandStreams client) throws InterruptedException {
    if (leaving) {
      return LEFT;
    }
    StreamSession session;
    try {
      session = opener.call();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LOG.log(Level.DEBUG, "streaming session refused", e);
      return Outcome.failed(String.valueOf(e.getMessage()));
    }
    current = session;
    if (leaving) { // meanwhile, when there was nothing to leave yet
      leave(session);
    }
    try (var pumps = new Pumps()) {
      try (var _ = wire.tether()) {
        return converse(client, session, pumps);
      } finally {
        hangUp(session, pumps);
      }
    } catch (ExecutionException e) {
      return broken(e.getCause() == null ? e : e.getCause());
    } catch (IOException e) {
      return broken(e);
    }
  }

  private Outcome broken(Throwable cause) {
    return leaving ? LEFT : Outcome.failed(String.valueOf(cause.getMessage()));
  }

  private Outcome converse(CommandStreams client, StreamSession session, Pumps pumps)
      throws IOException, ExecutionException, InterruptedException {
    if (options.stdin()) {
      var _ = pumps.start(() -> feed(client.stdin(), session));
    }
    if (options.terminal()) {
      var _ = pumps.start(() -> resize(client.resize(), session));
    }
    pumps.start(() -> drain(session, client)).get();
    return reportsExit ? Outcome.exited(session.exitCode()) : Outcome.success();
  }

  /// A session whose input is stuck may not take the message that its client is gone: then the
  /// interrupt of the pumps that follows ends it.
  private static void hangUp(StreamSession session, Pumps pumps) {
    boolean interrupted = Thread.interrupted();
    try {
      pumps.start(session::close).get(TO_HANG_UP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.DEBUG, "streaming session does not close: {0}", e.toString());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void feed(Inbox from, StreamSession to) throws IOException, InterruptedException {
    try (from) {
      for (var piece = from.take(); piece.isPresent(); piece = from.take()) {
        to.write(bytes(piece.get()));
      }
    } finally {
      to.endInput();
    }
  }

  private static byte[] bytes(ByteBuf piece) {
    try {
      return ByteBufUtil.getBytes(piece);
    } finally {
      piece.release();
    }
  }

  private void drain(StreamSession from, CommandStreams client)
      throws IOException, InterruptedException {
    for (var output = from.read(); output.isPresent(); output = from.read()) {
      boolean stderr = output.get().stderr();
      if (stderr ? options.stderr() : options.stdout()) {
        var to = stderr ? client.stderr() : client.stdout();
        to.write(Unpooled.wrappedBuffer(output.get().bytes()));
      }
    }
    endWanted(client);
  }

  private void endWanted(CommandStreams client) throws IOException, InterruptedException {
    if (options.stdout()) {
      client.stdout().end();
    }
    if (options.stderr()) {
      client.stderr().end();
    }
  }

  private static void resize(Inbox from, StreamSession session) throws IOException {
    try (var sizes = new InboxStream(from)) {
      Resizes.read(sizes, session::resize);
    }
  }
}
