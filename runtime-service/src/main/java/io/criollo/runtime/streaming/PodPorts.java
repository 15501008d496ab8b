// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.linux.NsThread;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Connects to ports on a pod's loopback addresses. A socket belongs to the network namespace in
/// which it was made, so only the making happens on a thread inside.
public final class PodPorts {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private record Loopback(ProtocolFamily family, String text) {
    static final Loopback V4 = new Loopback(StandardProtocolFamily.INET, "127.0.0.1");
    static final Loopback V6 = new Loopback(StandardProtocolFamily.INET6, "::1");

    InetSocketAddress at(int port) {
      return new InetSocketAddress(InetAddress.ofLiteral(text), port);
    }
  }

  /// Where the pods' networks are.
  @FunctionalInterface
  public interface Networks {
    /// {@return the pod's pinned network namespace, empty when it is the host's}
    ///
    /// @throws Refusal when the pod is not known or not ready
    Optional<Path> of(String podId);
  }

  private final Networks networks;

  public PodPorts(Networks networks) {
    this.networks = networks;
  }

  /// @throws Refusal when the pod is not known or not ready
  void require(String podId) {
    var _ = networks.of(podId);
  }

  /// {@return a connection to the port, IPv4 preferred}
  SocketChannel connect(String podId, int port) throws IOException {
    var network = networks.of(podId);
    try {
      return connect(network, Loopback.V4, port);
    } catch (IOException v4) {
      try {
        return connect(network, Loopback.V6, port);
      } catch (IOException | UnsupportedOperationException v6) {
        throw new IOException(
            "connect to port %d in pod %s: %s, %s"
                .formatted(port, podId, v4.getMessage(), v6.getMessage()),
            v4);
      }
    }
  }

  private static SocketChannel connect(Optional<Path> network, Loopback loopback, int port)
      throws IOException {
    var socket = open(network, loopback.family);
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.socket().connect(loopback.at(port), (int) PATIENCE.toMillis());
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw new IOException(loopback.text + ": " + e.getMessage(), e);
    }
  }

  private static SocketChannel open(Optional<Path> network, ProtocolFamily family)
      throws IOException {
    if (network.isEmpty()) {
      return SocketChannel.open(family);
    }
    try {
      return NsThread.call(network.get(), () -> SocketChannel.open(family));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("enter network namespace " + network.get(), e);
    }
  }
}
