// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RequestsTest {
  private static final int MANY = 40;

  @TempDir Path dir;

  @Test
  void whoFindsTheQueueFullComesAgain() throws Exception {
    var path = dir.resolve("s");
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      listener.bind(UnixDomainSocketAddress.of(path), 1);
      var connections = new ArrayList<Future<SocketChannel>>();
      for (int i = 0; i < MANY; i++) {
        connections.add(threads.submit(() -> Requests.connect(path)));
      }
      for (int i = 0; i < MANY; i++) {
        listener.accept().close();
      }
      for (var connection : connections) {
        try (var channel = connection.get()) {
          assertThat(channel.isConnected()).isTrue();
        }
      }
    }
  }

  @Test
  void whereNobodyListensNobodyWaits() {
    assertThatThrownBy(() -> Requests.connect(dir.resolve("none"))).isInstanceOf(IOException.class);
  }
}
