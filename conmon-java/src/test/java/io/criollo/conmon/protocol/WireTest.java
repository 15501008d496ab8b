// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.oci.OciRuntimeSettings;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  private static final OciRuntimeSettings CRUN =
      new OciRuntimeSettings(
          "crun",
          Path.of("/usr/bin/crun"),
          Path.of("/run/c/runtime"),
          true,
          Duration.ofSeconds(31));
  private static final ExitRecord EXIT =
      new ExitRecord("c1", 137, Instant.ofEpochSecond(9, 123456789), true, "gone \"é\"\n");

  static List<Message> messages() {
    var process = new CreatedProcess(1L << 40, Long.MAX_VALUE);
    return List.of(
        Hello.mine(),
        new CreateRequest(
            "c1",
            Path.of("/b"),
            CRUN,
            ContainerStdio.logged(Path.of("/var/log/ü")),
            Path.of("/cg")),
        new CreateRequest(
            "c2",
            Path.of("/b"),
            CRUN,
            new ContainerStdio(Optional.empty(), true, true, true),
            Path.of("/cg")),
        new CreateRequest(
            "c3",
            Path.of("/b"),
            CRUN,
            new ContainerStdio(
                Optional.of(Path.of("/l")),
                new LogPolicy(8192, true, Optional.of("k8s_a_b")),
                new StreamOwner(1 << 16, 3 << 16),
                false,
                false,
                false),
            Path.of("/cg"),
            true),
        new ExecRequest("c1", CRUN, Path.of("/p"), Duration.ofMillis(1500), 16 << 20),
        new Request.Run(
            new CreateRequest(
                "c4", Path.of("/b"), CRUN, ContainerStdio.logged(Path.of("/l")), Path.of("/cg"))),
        new Request.ReopenLog("c1"),
        new Request.Forget("c1"),
        new Request.Acknowledge("c1"),
        new Request.ListContainers(),
        new Request.Upgrade(List.of("/usr/bin/m", "--socket", "/run/ü s")),
        new Request.Subscribe(),
        new Request.Attach("c1"),
        new Request.ExecStream(
            new ExecRequest("c1", CRUN, Path.of("/p"), Duration.ZERO, 0), true, false),
        new Request.Resize(80, 24),
        new Request.CloseInput(),
        new Request.HangUp(),
        new Request.ShareTerminal("c1"),
        new Request.ReturnTerminal("c1"),
        new Reply.Started(),
        process,
        EXIT,
        new Reply.Done(),
        new Reply.Failed(FailureKind.RUNTIME, "no \u0000 such"),
        new Reply.ExecEnded(3),
        new Reply.Taken(4096),
        new Reply.Listing(
            List.of(
                new MonitoredContainer(
                    "c1", process, Optional.of(EXIT), new LogLoss(1, 1L << 40, 3)),
                new MonitoredContainer("c2", process, Optional.empty(), LogLoss.NONE))));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void eachMessageComesOutAsItWentIn(Message message) throws IOException {
    var memory = new Memory();
    new Wire(memory, 1 << 16).send(message);
    assertThat(new Wire(memory, 1 << 16).receive()).contains(new Frame.Text(message));
  }

  @Test
  void streamBytesKeepTheirStreamAndOrder() throws IOException {
    var memory = new Memory();
    var wire = new Wire(memory, 100);
    wire.send(Stream.STDERR, new byte[] {1, 2, 3});
    var buffer = ByteBuffer.allocateDirect(20).position(Wire.HEADER).put((byte) 9);
    wire.sendInPlace(Stream.STDOUT, buffer);
    assertThat(wire.receive()).contains(new Frame.Data(Stream.STDERR, new byte[] {1, 2, 3}));
    assertThat(wire.receive()).contains(new Frame.Data(Stream.STDOUT, new byte[] {9}));
    assertThat(wire.receive()).isEmpty();
  }

  @Test
  void aFrameThatIsTooLongIsRefusedUnread() {
    var memory = new Memory();
    memory.write(ByteBuffer.wrap(new byte[] {0x7f, -1, -1, -1, 0}));
    assertThatThrownBy(() -> new Wire(memory, 1000).receive())
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void aCutFrameIsAnError() {
    var memory = new Memory();
    memory.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 9, 0, '{'}));
    assertThatThrownBy(() -> new Wire(memory, 1000).receive()).isInstanceOf(EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}x",
        "{\"type\":1}",
        "{\"type\":\"nothing\"}",
        "{\"type\":\"reopenLog\",\"id\":\"../x\"}",
        "{\"type\":\"reopenLog\",\"id\":\"-rf\"}",
        "{\"type\":\"execEnded\",\"exitCode\":99999999999}",
        "{\"type\":\"created\",\"pid\":1.5,\"startTime\":1}",
        "{\"type\":\"created\",\"pid\":99999999999999999999999,\"startTime\":1}",
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}",
        "{\"type\":\"hello\",\"version\":1,\"oldest\":1,\"pid\":1}{}"
      })
  void hostileJsonIsAProtocolError(String json) {
    assertThatThrownBy(() -> Decoder.decode(json.getBytes(UTF_8)))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void aNewerSideMaySayMore() throws IOException {
    assertThat(Decoder.decode("{\"type\":\"done\",\"more\":[1,{}],\"x\":null}".getBytes(UTF_8)))
        .isEqualTo(new Reply.Done());
  }

  @Test
  void mutatedMessagesDecodeOrFailAsProtocolErrors() {
    var random = new Random(7);
    for (Message message : messages()) {
      for (int round = 0; round < 500; round++) {
        byte[] json = Encoder.encode(message);
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
          json[random.nextInt(json.length)] = (byte) random.nextInt(256);
        }
        try {
          assertThat(Decoder.decode(json)).isNotNull();
        } catch (ProtocolException e) {
          assertThat(e).hasMessageNotContaining("null");
        }
      }
    }
  }

  @Test
  void versionsMeetWhereTheirRangesDo() {
    assertThat(new Hello(2, 1, 1).understands(new Hello(1, 1, 1))).isTrue();
    assertThat(new Hello(3, 2, 1).understands(new Hello(1, 1, 1))).isFalse();
    assertThat(new Hello(3, 2, 1).common(new Hello(2, 1, 1))).isEqualTo(2);
  }

  /// A connection to oneself, which hands out a few bytes at a time.
  private static final class Memory implements ByteChannel {
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
    private int read;

    @Override
    public int read(ByteBuffer into) {
      int count = Math.min(3, Math.min(into.remaining(), bytes.position() - read));
      if (count == 0) {
        return -1;
      }
      into.put(bytes.array(), read, count);
      read += count;
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      int count = Math.min(7, from.remaining());
      bytes.put(from.slice(from.position(), count));
      from.position(from.position() + count);
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
