// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// A proxy that leads all requests to one place, and wants to know who asks.
final class TestProxy implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final String place;
  private final String authorization;

  TestProxy(String place, String authorization) throws IOException {
    this.place = place;
    this.authorization = "proxy-authorization: " + authorization.toLowerCase(Locale.ROOT);
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /// {@return the first lines of all requests}
  List<String> asked() {
    return List.copyOf(asked);
  }

  private void accept() {
    try {
      while (true) {
        var client = socket.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      // the end of the test
    }
  }

  private void serve(Socket client) {
    var port = Integer.parseInt(place.substring(place.indexOf(':') + 1));
    try (client;
        var server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var head = head(client.getInputStream());
      asked.add(head.lines().findFirst().orElse(""));
      if (head.lines().noneMatch(line -> line.toLowerCase(Locale.ROOT).equals(authorization))) {
        say(client, "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      } else if (head.startsWith("CONNECT ")) {
        say(client, "HTTP/1.1 200 Go on\r\n\r\n");
        both(client, server);
      } else {
        // one request for each connection, so that each shows what it brings
        var path = head.replaceFirst("http://[^/ ]+", "");
        say(server, path.replaceFirst("\r\n", "\r\nConnection: close\r\n"));
        server.getInputStream().transferTo(client.getOutputStream());
      }
    } catch (IOException gone) {
      // the client's affair
    }
  }

  private static void both(Socket client, Socket server) throws IOException {
    var up =
        Thread.ofVirtual()
            .start(() -> {
              try {
                client.getInputStream().transferTo(server.getOutputStream());
              } catch (IOException gone) {
                // the other direction ends with it
              }
            });
    server.getInputStream().transferTo(client.getOutputStream());
    up.interrupt();
  }

  private static void say(Socket to, String text) throws IOException {
    OutputStream out = to.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static String head(InputStream from) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      var next = from.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
