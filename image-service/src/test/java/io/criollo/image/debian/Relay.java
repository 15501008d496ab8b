// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.debian;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Stands between a client and a server on loopback, and knows nothing of what they say. The first
/// connection over which the server has said so much meets with a fault.
final class Relay implements AutoCloseable {
  /// What becomes of a connection.
  enum Fault {
    /// It is closed.
    CUT,
    /// Nothing passes any more, in both directions, and nobody is told.
    SILENCE,
    /// What the server says is held back until [#release].
    PAUSE
  }

  private final ServerSocket server;
  private final int to;
  private final Fault fault;
  private final long after;
  private final CountDownLatch met = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong passed = new AtomicLong();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /// @param after bytes of the server's before the fault
  Relay(String address, Fault fault, long after) throws IOException {
    this.to = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    this.fault = fault;
    this.after = after;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /// {@return how many connections there were}
  int connections() {
    return connections.get();
  }

  /// {@return how much the server has said to the client}
  long passed() {
    return passed.get();
  }

  void awaitFault() throws InterruptedException {
    met.await();
  }

  void release() {
    released.countDown();
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        var service = new Socket();
        sockets.addAll(List.of(client, service));
        connections.incrementAndGet();
        service.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to));
        var silent = new AtomicBoolean();
        Thread.ofVirtual().start(() -> pass(client, service, silent, new AtomicLong()));
        Thread.ofVirtual().start(() -> pass(service, client, silent, passed));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void pass(Socket from, Socket into, AtomicBoolean silent, AtomicLong count) {
    try (from;
        into) {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      var bytes = new byte[16 << 10];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (!silent.get()) {
          out.write(bytes, 0, read);
          if (count.addAndGet(read) >= after && count.equals(passed) && met.getCount() > 0) {
            met.countDown();
            if (!survives(silent)) {
              return;
            }
          }
        }
      }
    } catch (IOException closed) {
      // by one of the two
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// {@return whether a connection stays open at the fault}
  private boolean survives(AtomicBoolean silent) throws InterruptedException {
    switch (fault) {
      case CUT -> {
        return false;
      }
      case SILENCE -> silent.set(true);
      case PAUSE -> released.await();
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    released.countDown();
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
