// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Stream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/// Gives a container's output to whoever is attached. The I/O thread never waits for a client: one
/// that is a mebibyte behind is cut off, and told so; what waited for it is dropped. Thread-safe.
public final class AttachHub {
  private static final int BEHIND = 1 << 20;

  private static final String TOO_SLOW =
      "cut off: more than 1 MiB of the container's output waited for this client";

  private final List<Client> clients = new CopyOnWriteArrayList<>();
  private volatile boolean ended;

  /// One who is attached: a bounded queue.
  public final class Client implements AutoCloseable {
    private Queue<Frame> queue = new ArrayDeque<>();
    private int queued;
    private boolean cutOff;
    private boolean over;
    private Reply last = new Reply.Done();

    private Client() {}

    /// Waits for output; empty when the container has ended or this client was cut off.
    public synchronized Optional<Frame> take() throws InterruptedException {
      while (queue.isEmpty() && !over) {
        wait();
      }
      Optional<Frame> next = Optional.ofNullable(queue.poll());
      if (next.isPresent() && next.get() instanceof Frame.Data data) {
        queued -= data.bytes().length;
      }
      return next;
    }

    /// {@return how it came to the end, to be told last}
    public synchronized Reply last() {
      return last;
    }

    /// Sends a message in between, unless this client was cut off.
    public synchronized void tell(Reply reply) {
      if (!cutOff) {
        queue.add(new Frame.Text(reply));
        notifyAll();
      }
    }

    private synchronized void offer(Frame.Data data) {
      if (!over && queued + data.bytes().length > BEHIND) {
        cutOff();
      } else if (!over) {
        queued += data.bytes().length;
        queue.add(data);
        notifyAll();
      }
    }

    /// Its session may last much longer: whoever does not read does not leave either.
    private void cutOff() {
      cutOff = true;
      last = new Reply.Failed(FailureKind.UNAVAILABLE, TOO_SLOW);
      queue = new ArrayDeque<>(); // an emptied one would keep its array
      queued = 0;
      clients.remove(this);
      end();
    }

    private synchronized void end() {
      over = true;
      notifyAll();
    }

    @Override
    public void close() {
      clients.remove(this);
      end();
    }
  }

  public Client attach() {
    var client = new Client();
    clients.add(client);
    if (ended) {
      client.end();
    }
    return client;
  }

  boolean wanted() {
    return !clients.isEmpty();
  }

  void offer(Stream stream, byte[] bytes) {
    var data = new Frame.Data(stream, bytes);
    clients.forEach(client -> client.offer(data));
  }

  /// The container has ended.
  void end() {
    ended = true;
    clients.forEach(Client::end);
  }

  public boolean ended() {
    return ended;
  }
}
