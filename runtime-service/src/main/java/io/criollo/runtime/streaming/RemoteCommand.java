// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.streaming.wire.Inbox;
import io.criollo.runtime.streaming.wire.InboxStream;
import io.criollo.runtime.streaming.wire.Outlet;
import io.criollo.runtime.streaming.wire.Pump;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// One exec or attach from its client's streams to the outcome, on one virtual thread that is
/// interrupted when the client goes. Everything it opened is gone when it ends.
final class RemoteCommand {
  private static final Logger LOG = System.getLogger(RemoteCommand.class.getName());

  private final StreamOptions options;
  private final boolean reportsExit;
  private final Callable<StreamSession> opener;

  /// `reportsExit`: the outcome is the process's exit code, else only that the end was reached.
  RemoteCommand(StreamOptions options, boolean reportsExit, Callable<StreamSession> opener) {
    this.options = options;
    this.reportsExit = reportsExit;
    this.opener = opener;
  }

  void run(CommandStreams client) throws IOException, InterruptedException {
    client.report(outcome(client));
  }

  private Outcome outcome(CommandStreams client) throws InterruptedException {
    StreamSession session;
    try {
      session = opener.call();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LOG.log(Level.DEBUG, "streaming session refused", e);
      return Outcome.failed(String.valueOf(e.getMessage()));
    }
    try (var pumps = new Pumps();
        session) {
      return converse(client, session, pumps);
    } catch (ExecutionException e) {
      var cause = e.getCause();
      return Outcome.failed(String.valueOf(cause == null ? e.getMessage() : cause.getMessage()));
    }
  }

  private Outcome converse(CommandStreams client, StreamSession session, Pumps pumps)
      throws ExecutionException, InterruptedException {
    if (options.stdin()) {
      var _ = pumps.start(() -> feed(client.stdin(), session.stdin()));
    }
    if (options.terminal()) {
      var _ = pumps.start(() -> resize(client.resize(), session));
    }
    var stdout = drained(options.stdout(), session.stdout(), client.stdout(), pumps);
    var stderr = drained(options.stderr(), session.stderr(), client.stderr(), pumps);
    int exitCode = session.exit().get();
    stdout.get();
    stderr.get();
    return reportsExit ? Outcome.exited(exitCode) : Outcome.success();
  }

  private static Future<?> drained(
      boolean wanted, ReadableByteChannel from, Outlet to, Pumps pumps) {
    return pumps.start(() -> {
      if (wanted) {
        drain(from, to);
      }
    });
  }

  private static void feed(Inbox from, WritableByteChannel to)
      throws IOException, InterruptedException {
    try (from;
        to) {
      Pump.copy(from, to);
    }
  }

  /// Closes what it reads also when the client takes no more: the process then learns of it.
  private static void drain(ReadableByteChannel from, Outlet to)
      throws IOException, InterruptedException {
    try (from) {
      Pump.copy(from, to);
    }
    to.end();
  }

  private static void resize(Inbox from, StreamSession session) throws IOException {
    try (var sizes = new InboxStream(from)) {
      Resizes.read(sizes, session.resize());
    }
  }
}
