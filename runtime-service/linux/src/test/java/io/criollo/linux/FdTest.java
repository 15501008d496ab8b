// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // closing early is what is tested
class FdTest {
  @TempDir Path dir;

  private static ByteBuffer direct(String text) {
    var bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static String text(ByteBuffer read) {
    return UTF_8.decode(read.flip()).toString();
  }

  @Test
  void readsAndWritesAtTheBufferPosition() throws Exception {
    var file = dir.resolve("f");
    try (var fd = Fd.open(file, OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0640)) {
      var out = direct("hello");
      assertThat(fd.write(out.position(1))).isEqualTo(4);
      assertThat(out.hasRemaining()).isFalse();
      fd.seek(0);
      var in = ByteBuffer.allocateDirect(10).put((byte) '>');
      assertThat(fd.read(in)).isEqualTo(4);
      assertThat(text(in)).isEqualTo(">ello");
      assertThat(fd.read(ByteBuffer.allocateDirect(1))).isEqualTo(-1);
    }
  }

  @Test
  void gathersBuffersInOrder() throws Exception {
    var file = dir.resolve("f");
    try (var fd = Fd.open(file, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0600)) {
      var a = direct("one ");
      var b = direct("two");
      assertThat(fd.writev(a, ByteBuffer.allocateDirect(0), b)).isEqualTo(7);
      assertThat(a.remaining() + b.remaining()).isZero();
      assertThat(fd.writev()).isZero();
    }
    assertThat(file).hasContent("one two");
  }

  @Test
  void aPartlyTakenGatherMovesOnlyWhatWasTaken() throws Exception {
    var ends = Fd.pipe();
    try (var out = ends[0];
        var in = ends[1]) {
      in.nonBlocking(true);
      var size = in.pipeSize();
      var first = ByteBuffer.allocateDirect(size - 10);
      var second = ByteBuffer.allocateDirect(size);
      var written = in.writev(first, second);
      assertThat(first.hasRemaining()).isFalse();
      assertThat(written).isEqualTo(first.position() + second.position());
      assertThat(in.writev(second)).isZero();
      assertThat(in.write(second)).isZero();
      assertThat(out.available()).isEqualTo((int) written);
    }
  }

  @Test
  void heapAndReadOnlyBuffersAreRefused() throws Exception {
    try (var fd = Fd.open(Path.of("/dev/null"), OpenFlags.O_RDWR, 0)) {
      assertThatThrownBy(() -> fd.write(ByteBuffer.allocate(1)))
          .isInstanceOf(IllegalArgumentException.class);
      var readOnly = ByteBuffer.allocateDirect(1).asReadOnlyBuffer();
      assertThatThrownBy(() -> fd.read(readOnly))
          .isInstanceOf(java.nio.ReadOnlyBufferException.class);
    }
  }

  @Test
  void aClosedDescriptorThrowsAndClosingAgainHarmsNobody() throws Exception {
    var closed = Fd.open(Path.of("/dev/null"), OpenFlags.O_RDWR, 0);
    var number = closed.number();
    closed.close();
    try (var other = Fd.open(Path.of("/dev/zero"), OpenFlags.O_RDONLY, 0)) {
      assertThat(other.number()).isEqualTo(number);
      closed.close();
      assertThat(other.read(ByteBuffer.allocateDirect(1))).isEqualTo(1);
      assertThatThrownBy(() -> closed.read(ByteBuffer.allocateDirect(1)))
          .hasMessageContaining("EBADF");
      assertThatThrownBy(closed::number).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aCloseDuringABlockedReadKeepsTheNumberUntilItReturns() throws Exception {
    var ends = Fd.pipe();
    try (var writer = ends[1]) {
      var reader = ends[0];
      var number = reader.number();
      var buffer = ByteBuffer.allocateDirect(10);
      var thread = Thread.ofPlatform().start(() -> readQuietly(reader, buffer));
      awaitBlockedIn(thread, number);
      reader.close();
      assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isTrue();
      assertThat(writer.write(direct("x"))).isEqualTo(1);
      thread.join();
      assertThat(buffer.position()).isEqualTo(1);
      assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isFalse();
    }
  }

  private static void readQuietly(Fd fd, ByteBuffer into) {
    try {
      var _ = fd.read(into);
    } catch (LinuxException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits until some thread of this process is in read(2) of the descriptor.
  private static void awaitBlockedIn(Thread thread, int number) throws Exception {
    var wanted = Arch.pick(0, 63) + " 0x" + Integer.toHexString(number) + " ";
    while (thread.isAlive()) {
      try (var tasks = Files.list(Path.of("/proc/self/task"))) {
        for (var task : tasks.toList()) {
          if (Files.readString(task.resolve("syscall")).startsWith(wanted)) {
            return;
          }
        }
      } catch (java.nio.file.NoSuchFileException | java.io.UncheckedIOException e) {
        continue; // a thread ended meanwhile
      }
      Thread.sleep(1);
    }
    throw new AssertionError("the reader ended");
  }

  @Test
  void openAt2KeepsPathsInside() throws Exception {
    Files.createDirectories(dir.resolve("root/etc"));
    Files.writeString(dir.resolve("root/etc/passwd"), "inside");
    Files.writeString(dir.resolve("secret"), "outside");
    Files.createSymbolicLink(dir.resolve("root/absolute"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(dir.resolve("root/up"), Path.of("../../../../etc/passwd"));
    try (var root = Fd.open(dir.resolve("root"), OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0)) {
      for (var path : new String[] {"absolute", "up", "/etc/passwd", "../../etc/passwd"}) {
        var inRoot = Resolve.IN_ROOT | Resolve.NO_MAGICLINKS;
        try (var file = Fd.openAt2(root, path, OpenFlags.O_RDONLY, 0, inRoot)) {
          assertThat(new String(file.readAll(100), UTF_8)).isEqualTo("inside");
        }
      }
      assertThatThrownBy(
              () -> Fd.openAt2(root, "../secret", OpenFlags.O_RDONLY, 0, Resolve.BENEATH))
          .hasMessage("open ../secret: EXDEV (the path leaves its root or mount)");
      assertThatThrownBy(() -> Fd.openAt2(root, "up", OpenFlags.O_RDONLY, 0, Resolve.NO_SYMLINKS))
          .hasMessageContaining("ELOOP");
    }
  }

  @Test
  void readAllIsCapped() throws Exception {
    var file = Files.write(dir.resolve("f"), new byte[100_000]);
    try (var fd = Fd.open(file, OpenFlags.O_RDONLY, 0)) {
      assertThat(fd.readAll(100_000)).hasSize(100_000);
      fd.seek(0);
      assertThatThrownBy(() -> fd.readAll(99_999)).hasMessageContaining("EFBIG");
      fd.seek(0);
      assertThatThrownBy(() -> fd.readAll(0)).hasMessageContaining("EFBIG");
    }
  }

  @Test
  void changesModeAndOwnerOfPathDescriptors() throws Exception {
    var file = Files.writeString(dir.resolve("f"), "");
    try (var fd = Fd.open(file, OpenFlags.O_PATH, 0)) {
      fd.chmod(0751);
      fd.chown(-1, -1);
      assertThat(fd.stat().permissions()).isEqualTo(0751);
      assertThat(fd.stat().isRegularFile()).isTrue();
    }
  }

  @Test
  void teeAndSpliceMoveWithoutCopying() throws Exception {
    var a = Fd.pipe();
    var b = Fd.pipe();
    try (var aOut = a[0];
        var aIn = a[1];
        var bOut = b[0];
        var bIn = b[1];
        var file = Fd.open(dir.resolve("f"), OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0600)) {
      assertThat(aOut.splice(file, 100)).isEqualTo(-1);
      assertThat(aIn.write(direct("abc"))).isEqualTo(3);
      assertThat(aOut.tee(bIn, 100)).isEqualTo(3);
      assertThat(aOut.splice(file, 100)).isEqualTo(3);
      assertThat(bOut.available()).isEqualTo(3);
      file.seek(0);
      assertThat(new String(file.readAll(10), UTF_8)).isEqualTo("abc");
      aIn.close();
      assertThat(aOut.splice(file, 100)).isZero();
    }
  }

  @Test
  void pipesGrow() throws Exception {
    var ends = Fd.pipe();
    try (var out = ends[0];
        var in = ends[1]) {
      assertThat(in.pipeSize(1 << 20)).isEqualTo(1 << 20);
      assertThat(out.pipeSize()).isEqualTo(1 << 20);
    }
  }

  @Test
  void aLockExcludesOtherOpenFiles() throws Exception {
    var file = Files.writeString(dir.resolve("lock"), "");
    try (var one = Fd.open(file, OpenFlags.O_RDWR, 0);
        var two = Fd.open(file, OpenFlags.O_RDWR, 0)) {
      assertThat(one.tryLock()).isTrue();
      assertThat(two.tryLock()).isFalse();
      one.close();
      assertThat(two.tryLock()).isTrue();
    }
  }

  @Test
  void aNulInANameIsRefused() {
    assertThatThrownBy(() -> Fd.open(Fd.AT_FDCWD, "/etc/passwd\0.txt", 0, 0))
        .hasMessageContaining("EINVAL");
  }

  @Test
  void errorsNameVerbObjectAndErrno() {
    assertThatThrownBy(() -> Fd.open(Path.of("/no/such"), OpenFlags.O_RDONLY, 0))
        .isInstanceOf(LinuxException.class)
        .hasMessage("open /no/such: ENOENT");
  }

  @Test
  void aMissingCallIsNamedWithTheKernelThatHasIt() {
    assertThat(Syscall.OPENAT2.failed(-Errno.ENOSYS, "open x"))
        .hasMessageContaining("lacks openat2(2); it needs Linux 5.6");
  }
}
