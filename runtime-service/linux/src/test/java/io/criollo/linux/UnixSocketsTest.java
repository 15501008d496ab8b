// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // closing early is what is tested
class UnixSocketsTest {
  @TempDir Path dir;

  private static ByteBuffer direct(String text) {
    var bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  @Test
  void listensWithExactlyTheMode() throws Exception {
    var path = dir.resolve("s");
    try (var listener = UnixSockets.listen(path, 0666);
        var client = UnixSockets.connect(path);
        var server = UnixSockets.accept(listener)) {
      assertThat(Files.getPosixFilePermissions(path)).hasSize(6);
      assertThat(UnixSockets.peer(server).pid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(client.write(direct("x"))).isEqualTo(1);
      assertThat(server.read(ByteBuffer.allocateDirect(1))).isEqualTo(1);
      assertThatThrownBy(() -> UnixSockets.listen(path, 0600)).hasMessageContaining("EADDRINUSE");
    }
    UnixSockets.listen(path, 0600).close();
  }

  @Test
  void datagramsKeepTheirBorders() throws Exception {
    var path = dir.resolve("d");
    try (var receiver = UnixSockets.bindDatagram(path);
        var sender = UnixSockets.connectDatagram(path)) {
      UnixSockets.send(sender, direct("one"), List.of());
      UnixSockets.send(sender, direct("two"), List.of());
      var buffer = ByteBuffer.allocateDirect(100);
      assertThat(UnixSockets.receive(receiver, buffer).count()).isEqualTo(3);
      assertThat(UTF_8.decode(buffer.flip()).toString()).isEqualTo("one");
    }
    assertThatThrownBy(() -> UnixSockets.connectDatagram(path))
        .hasMessageContaining("ECONNREFUSED");
    assertThatThrownBy(() -> UnixSockets.bindDatagram(path)).hasMessageContaining("EADDRINUSE");
  }

  @Test
  void whatIsNoSocketIsNotReplaced() throws Exception {
    var file = Files.writeString(dir.resolve("f"), "kept");
    assertThatThrownBy(() -> UnixSockets.listen(file, 0600)).hasMessageContaining("EADDRINUSE");
    assertThat(file).hasContent("kept");
  }

  @Test
  void longPathsWork() throws Exception {
    var deep = Files.createDirectories(dir.resolve("d".repeat(100)).resolve("e".repeat(100)));
    var path = deep.resolve("socket");
    try (var listener = UnixSockets.listen(path, 0600);
        var _ = UnixSockets.connect(path);
        var server = UnixSockets.accept(listener)) {
      assertThat(server.isOpen()).isTrue();
    }
    var name = deep.resolve("n".repeat(120));
    assertThatThrownBy(() -> UnixSockets.listen(name, 0600)).hasMessageContaining("ENAMETOOLONG");
  }

  @Test
  void passesDescriptors() throws Exception {
    var pair = UnixSockets.pair();
    var pipe = Fd.pipe();
    try (var a = pair[0];
        var b = pair[1];
        var out = pipe[0];
        var in = pipe[1]) {
      assertThat(UnixSockets.send(a, direct("two"), List.of(out, in))).isEqualTo(3);
      var buffer = ByteBuffer.allocateDirect(100);
      var received = UnixSockets.receive(b, buffer);
      assertThat(received.count()).isEqualTo(3);
      assertThat(received.descriptors()).hasSize(2);
      in.close();
      try (var out2 = received.descriptors().get(0);
          var in2 = received.descriptors().get(1)) {
        assertThat(in2.write(direct("through"))).isEqualTo(7);
        assertThat(out2.available()).isEqualTo(7);
        assertThat(out2.stat().sameFile(out.stat())).isTrue();
      }
    }
  }

  @Test
  void passesAsManyAsTheKernelAllows() throws Exception {
    var pair = UnixSockets.pair();
    try (var a = pair[0];
        var b = pair[1]) {
      var many = new ArrayList<>(Collections.nCopies(253, a));
      assertThat(UnixSockets.send(a, direct("x"), many)).isEqualTo(1);
      var received = UnixSockets.receive(b, ByteBuffer.allocateDirect(1));
      assertThat(received.descriptors()).hasSize(253);
      received.descriptors().forEach(Fd::close);
      many.add(a);
      assertThatThrownBy(() -> UnixSockets.send(a, direct("x"), many))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void tellsWouldBlockFromTheEnd() throws Exception {
    var pair = UnixSockets.pair();
    try (var a = pair[0];
        var b = pair[1]) {
      b.nonBlocking(true);
      assertThat(UnixSockets.receive(b, ByteBuffer.allocateDirect(1)).count()).isZero();
      UnixSockets.shutdownOutput(a);
      assertThat(UnixSockets.receive(b, ByteBuffer.allocateDirect(1)).count()).isEqualTo(-1);
      b.close();
      assertThatThrownBy(() -> UnixSockets.send(a, direct("x"), List.of()))
          .hasMessageContaining("EPIPE");
    }
  }

  @Test
  void shutdownEndsAWaitingAccept() throws Exception {
    var listener = UnixSockets.listen(dir.resolve("s"), 0600);
    var accept = new FutureTask<>(() -> UnixSockets.accept(listener));
    Thread.ofPlatform().start(accept);
    UnixSockets.shutdown(listener);
    assertThatThrownBy(accept::get).hasMessageContaining("EINVAL");
    listener.close();
  }
}
