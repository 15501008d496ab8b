// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.client.MonitorSettings;
import io.criollo.conmon.client.Session;
import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.Encoder;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.FdChannel;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Hello;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.Fd;
import io.criollo.linux.UnixSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A daemon and a monitor that are one version apart, and say more than the other one knows.
class VersionKernelTest {
  private static final int LONGEST = 1 << 20;
  private static final CreatedProcess PROCESS = new CreatedProcess(42, 4711);

  @TempDir private Path folder;

  @Test
  void anOlderDaemonIsServedAsItExpects() throws Exception {
    var node = new TestNode(folder, "crun");
    String id = node.newId();
    node.run(id, "sleep 1000");
    try (var channel = new FdChannel(UnixSockets.connect(node.settings.socket()));
        var wire = new Wire(channel, LONGEST)) {
      say(channel, Encoder.encode(new Hello(1, 1, 1)));
      say(channel, Encoder.encode(cat(node, id)));
      assertThat(wire.receive()).get().isInstanceOf(Frame.Text.class);
      assertThat(wire.receive()).contains(new Frame.Text(new Reply.Started()));
      wire.send(Stream.STDIN, "hello\n".getBytes(UTF_8));
      wire.send(new Request.CloseInput());
      assertThat(rest(wire))
          .containsExactly(
              new Frame.Data(Stream.STDOUT, "hello\n".getBytes(UTF_8)),
              new Frame.Text(new Reply.ExecEnded(0)));
    }
    node.stop();
  }

  @Test
  void aDaemonThatHasForgottenOurVersionIsRefused() throws Exception {
    var node = new TestNode(folder, "crun");
    try (var channel = new FdChannel(UnixSockets.connect(node.settings.socket()));
        var wire = new Wire(channel, LONGEST)) {
      wire.send(new Hello(Hello.VERSION + 2, Hello.VERSION + 1, 1));
      assertThat(wire.receive()).get().isInstanceOf(Frame.Text.class);
      assertThat(wire.receive()).isEmpty();
    }
    node.stop();
  }

  private static Request cat(TestNode node, String id) throws IOException {
    Path process = Files.writeString(node.folder.resolve("cat.json"), TestNode.process("/bin/cat"));
    var exec = new ExecRequest(id, node.runtime, process, Duration.ZERO, 0);
    return new Request.ExecStream(exec, false, true);
  }

  /// With a field that nobody knows.
  private static void say(FdChannel channel, byte[] message) throws IOException {
    String json = new String(message, UTF_8).replaceFirst("\\{", "{\"later\":[{\"a\":1},null],");
    byte[] bytes = json.getBytes(UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(Wire.HEADER + bytes.length);
    frame.putInt(bytes.length + 1).put((byte) 0).put(bytes).flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  private static List<Frame> rest(Wire wire) throws IOException {
    var frames = new ArrayList<Frame>();
    for (Optional<Frame> frame = wire.receive(); frame.isPresent(); frame = wire.receive()) {
      frames.add(frame.get());
    }
    return frames;
  }

  @Test
  void anOlderMonitorIsNotWaitedForToCount() throws Exception {
    try (var monitor = new OtherMonitor(1);
        MonitorClient client = monitor.connect();
        Session session = client.attach("some")) {
      session.write(new byte[200 << 10]);
      session.closeInput();
      assertThat(session.read()).isEmpty();
      assertThat(session.exitCode()).contains(7);
    }
  }

  @Test
  void anOlderMonitorCreatesAndTheDaemonStarts() throws Exception {
    try (var monitor = new OtherMonitor(2);
        MonitorClient client = monitor.connect()) {
      assertThat(client.run(container("/bin/true"))).isEqualTo(PROCESS);
      assertThatThrownBy(() -> client.run(container("/bin/false")))
          .hasMessageContaining("crun start");
    }
  }

  private CreateRequest container(String runtime) {
    var settings = new OciRuntimeSettings("crun", Path.of(runtime), folder, false);
    var stdio = new ContainerStdio(Optional.empty(), false, false, false);
    return new CreateRequest("c1", folder, settings, stdio, folder);
  }

  @Test
  void aMonitorThatHasForgottenOurVersionIsAnError() throws Exception {
    try (var monitor = new OtherMonitor(Hello.VERSION + 1)) {
      assertThatThrownBy(monitor::connect)
          .isInstanceOfSatisfying(
              MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNSUPPORTED));
    }
  }

  /// A monitor that speaks one version only, and knows nothing of counting and of running.
  private final class OtherMonitor implements AutoCloseable {
    private final Path socket = folder.resolve("other.sock");
    private final int version;
    private final Fd listener;

    OtherMonitor(int version) throws IOException {
      this.version = version;
      this.listener = UnixSockets.listen(socket, 0600);
      Thread.ofPlatform().start(this::serve);
    }

    MonitorClient connect() throws Exception {
      var settings = new MonitorSettings(socket, folder, folder, List.of("/bin/false"));
      return MonitorClient.connect(settings, _ -> {});
    }

    private void serve() {
      try {
        while (true) {
          Fd connection = UnixSockets.accept(listener);
          Thread.ofPlatform().start(() -> answer(new FdChannel(connection), version));
        }
      } catch (IOException _) { // shut down
        return;
      }
    }

    @Override
    public void close() throws IOException {
      UnixSockets.shutdown(listener);
      listener.close();
    }
  }

  private static void answer(FdChannel channel, int version) {
    try (var wire = new Wire(channel, LONGEST)) {
      var _ = wire.receive();
      say(channel, Encoder.encode(new Hello(version, version, 1)));
      Optional<Frame> request = wire.receive();
      if (request.isPresent() && request.get() instanceof Frame.Text(Request.ListContainers _)) {
        say(channel, Encoder.encode(new Reply.Listing(List.of())));
      } else if (request.isPresent() && request.get() instanceof Frame.Text(Request.Run _)) {
        say(channel, Encoder.encode(new Reply.Failed(FailureKind.UNSUPPORTED, "run?")));
      } else if (request.isPresent() && request.get() instanceof Frame.Text(CreateRequest _)) {
        say(channel, Encoder.encode(PROCESS));
      } else if (request.isPresent() && request.get() instanceof Frame.Text(Request.Attach _)) {
        say(channel, Encoder.encode(new Reply.Started()));
        long bytes = 0;
        Optional<Frame> frame = wire.receive();
        while (frame.isPresent() && frame.get() instanceof Frame.Data data) {
          bytes += data.bytes().length;
          frame = wire.receive();
        }
        say(channel, Encoder.encode(new Reply.ExecEnded(bytes == 200 << 10 ? 7 : 1)));
      } else {
        var _ = wire.receive(); // a subscription, for as long as there is a daemon
      }
    } catch (IOException _) { // the daemon is gone
      return;
    }
  }
}
