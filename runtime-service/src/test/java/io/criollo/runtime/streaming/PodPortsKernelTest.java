// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.SpdyClient;
import io.criollo.linux.Namespace;
import io.criollo.linux.NetNs;
import io.criollo.linux.Network;
import io.criollo.linux.NsThread;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PodPortsKernelTest {
  private static final String PROTOCOL = "X-Stream-Protocol-Version: portforward.k8s.io\r\n";

  @TempDir Path pins;

  @BeforeEach
  void pin() throws IOException {
    NetNs.pin(Set.of(Namespace.NET), pins, Network::loopbackUp);
  }

  @AfterEach
  void unpin() throws IOException {
    NetNs.unpin(pins);
  }

  @Test
  void portsOfThePodAreReachedThoughTheHostHasOthers() throws Exception {
    for (var address : new String[] {"127.0.0.1", "::1"}) {
      try (var pod = listenInPod(address);
          var server = TestServer.forwarding(id -> Optional.of(pins.resolve("net")));
          var client = SpdyClient.connect(server.portForward("pod"), PROTOCOL)) {
        int port = ((InetSocketAddress) pod.getLocalAddress()).getPort();
        Thread.ofVirtual().start(() -> greet(pod));
        client.open("streamtype", "error", "port", "" + port, "requestid", "1");
        int data = client.open("streamtype", "data", "port", "" + port, "requestid", "1");
        client.end(data);
        assertThat(client.readAll(data)).isEqualTo("from the pod");
      }
    }
  }

  @Test
  void portsOfTheHostAreNotReached() throws Exception {
    try (var host =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        var server = TestServer.forwarding(id -> Optional.of(pins.resolve("net")));
        var client = SpdyClient.connect(server.portForward("pod"), PROTOCOL)) {
      var port = "" + ((InetSocketAddress) host.getLocalAddress()).getPort();
      int error = client.open("streamtype", "error", "port", port, "requestid", "1");
      client.open("streamtype", "data", "port", port, "requestid", "1");
      assertThat(client.readAll(error)).contains("refused");
    }
  }

  @Test
  void aNamespaceThatIsGoneIsToldAndLeavesNoDescriptor() throws Exception {
    try (var server = TestServer.forwarding(id -> Optional.of(pins.resolve("gone")));
        var client = SpdyClient.connect(server.portForward("pod"), PROTOCOL)) {
      int before = descriptors();
      for (int i = 0; i < 50; i++) {
        int error = client.open("streamtype", "error", "port", "80", "requestid", "" + i);
        client.open("streamtype", "data", "port", "80", "requestid", "" + i);
        assertThat(client.readAll(error)).contains("ENOENT");
      }
      assertThat(descriptors()).isLessThanOrEqualTo(before + 2);
    }
  }

  private static int descriptors() throws IOException {
    try (var list = Files.list(Path.of("/proc/self/fd"))) {
      return (int) list.count();
    }
  }

  private ServerSocketChannel listenInPod(String address) throws Exception {
    return NsThread.call(
        pins.resolve("net"),
        () ->
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0)));
  }

  private static void greet(ServerSocketChannel pod) {
    try (var connection = pod.accept()) {
      connection.write(ByteBuffer.wrap("from the pod".getBytes(UTF_8)));
    } catch (IOException e) {
      // the test sees what is missing
    }
  }
}
