// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Wire;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// A daemon that hears of exits: a thread of its own sends them, the thread of the connection reads
/// what the daemon acknowledges.
final class Subscription {
  private final ExitRecorder exits;
  private final Wire wire;
  private final BlockingQueue<Optional<ExitRecord>> queue = new LinkedBlockingQueue<>();

  Subscription(ExitRecorder exits, Wire wire) {
    this.exits = exits;
    this.wire = wire;
  }

  /// Returns when the daemon is gone.
  void run() throws IOException, InterruptedException {
    Consumer<ExitRecord> listener = exit -> queue.add(Optional.of(exit));
    Thread sender = Thread.ofPlatform().name("monitor-exits").unstarted(this::send);
    exits.listen(listener);
    sender.start();
    try {
      for (Optional<Frame> frame = wire.receive(); frame.isPresent(); frame = wire.receive()) {
        if (frame.get() instanceof Frame.Text(Request.Acknowledge ack)) {
          exits.taken(ack.containerId());
        }
      }
    } finally {
      exits.unlisten(listener);
      queue.add(Optional.empty());
      sender.join();
    }
  }

  private void send() {
    try {
      for (var next = queue.take(); next.isPresent(); next = queue.take()) {
        wire.send(next.get());
      }
    } catch (IOException
        | InterruptedException _) { // it stays untaken, the next daemon hears of it
      return;
    }
  }
}
