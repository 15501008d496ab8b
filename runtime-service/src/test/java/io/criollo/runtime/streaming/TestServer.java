// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.PortForwardRequest;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.tls.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A streaming server whose processes are one given program, and whose only pod, "host", has the
/// host's network.
final class TestServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  static final String V4 = "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n";

  final BlockingQueue<FakeProcess> started = new LinkedBlockingQueue<>();
  private final StreamingServer server;
  private final Start start;

  /// How a process comes to life.
  @FunctionalInterface
  interface Start {
    StreamSession process() throws Exception;
  }

  private TestServer(StreamingSettings settings, Start start, PodPorts.Networks networks)
      throws IOException {
    this.start = start;
    this.server =
        StreamingServer.start(
            settings, request -> session(), request -> session(), new PodPorts(networks));
  }

  static TestServer running(FakeProcess.Program program) throws IOException {
    return patient(PATIENCE, PATIENCE, program);
  }

  static TestServer patient(Duration idle, Duration creation, FakeProcess.Program program)
      throws IOException {
    return opening(settings(idle, creation, Optional.empty()), program);
  }

  /// A server on this address, whose processes do nothing.
  static TestServer listening(InetAddress address) throws IOException {
    var settings =
        new StreamingSettings(
            new InetSocketAddress(address, 0), PATIENCE, PATIENCE, Optional.empty());
    return opening(settings, p -> 0);
  }

  static TestServer encrypting(TlsSettings tls, FakeProcess.Program program) throws IOException {
    return opening(settings(PATIENCE, PATIENCE, Optional.of(tls)), program);
  }

  /// A server whose processes are started in this way, which may take its time or fail.
  static TestServer opening(Start start) throws IOException {
    return new TestServer(
        settings(PATIENCE, PATIENCE, Optional.empty()), start, TestServer::network);
  }

  private static TestServer opening(StreamingSettings settings, FakeProcess.Program program)
      throws IOException {
    return new TestServer(settings, () -> FakeProcess.start(program), TestServer::network);
  }

  /// A server whose pods have the networks that are said, and whose processes do nothing.
  static TestServer forwarding(PodPorts.Networks networks) throws IOException {
    return new TestServer(
        settings(PATIENCE, PATIENCE, Optional.empty()), () -> FakeProcess.start(p -> 0), networks);
  }

  private static StreamingSettings settings(
      Duration idle, Duration creation, Optional<TlsSettings> tls) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new StreamingSettings(address, idle, creation, tls);
  }

  private StreamSession session() throws Exception {
    var process = start.process();
    if (process instanceof FakeProcess fake) {
      started.add(fake);
    }
    return process;
  }

  private static Optional<Path> network(String podId) {
    if (!podId.equals("host")) {
      throw new Refusal.NotFound("pod", podId);
    }
    return Optional.empty();
  }

  StreamingServer server() {
    return server;
  }

  /// {@return a URL; `streams` are letters of i, o, e, t}
  String exec(String streams) {
    var request =
        ExecRequest.newBuilder()
            .setContainerId("c")
            .addCmd("program")
            .setStdin(streams.contains("i"))
            .setStdout(streams.contains("o"))
            .setStderr(streams.contains("e"))
            .setTty(streams.contains("t"))
            .build();
    return server.exec(request).getUrl();
  }

  String attach(String streams) {
    var request =
        AttachRequest.newBuilder()
            .setContainerId("c")
            .setStdin(streams.contains("i"))
            .setStdout(streams.contains("o"))
            .setStderr(streams.contains("e"))
            .setTty(streams.contains("t"))
            .build();
    return server.attach(request).getUrl();
  }

  String portForward(String podId, Integer... ports) {
    var request =
        PortForwardRequest.newBuilder().setPodSandboxId(podId).addAllPort(List.of(ports)).build();
    return server.portForward(request).getUrl();
  }

  @Override
  public void close() {
    server.close();
  }
}
