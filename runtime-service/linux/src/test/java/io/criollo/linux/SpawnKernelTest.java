// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnKernelTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static Spawn.Result sh(String script) throws Exception {
    return Spawn.run(Spawn.Command.of(LONG, "/bin/sh", "-c", script));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  @Test
  void givesOutputErrorAndExitCode() throws Exception {
    var result = sh("echo out; echo err >&2; exit 7");
    assertThat(text(result.stdout())).isEqualTo("out\n");
    assertThat(text(result.stderr())).isEqualTo("err\n");
    assertThat(result.exitCode()).isEqualTo(7);
    assertThat(result.timedOut()).isFalse();
  }

  @Test
  void signalsBecome128AndMore() throws Exception {
    assertThat(sh("kill -KILL $$").exitCode()).isEqualTo(137);
    assertThat(sh("kill -TERM $$").exitCode()).isEqualTo(143);
  }

  @Test
  void feedsMoreThanAPipeHolds() throws Exception {
    var input = new byte[3 << 20];
    java.util.Arrays.fill(input, (byte) 'x');
    var command =
        new Spawn.Command(List.of("/bin/cat"), Map.of(), Optional.empty(), input, LONG, 4 << 20);
    assertThat(Spawn.run(command).stdout()).isEqualTo(input);
  }

  @Test
  void survivesAChildThatDoesNotReadItsInput() throws Exception {
    var command =
        new Spawn.Command(
            List.of("/bin/true"), Map.of(), Optional.empty(), new byte[1 << 20], LONG, 10);
    assertThat(Spawn.run(command).exitCode()).isZero();
  }

  @Test
  void dropsOutputBeyondTheLimit() throws Exception {
    var command =
        new Spawn.Command(
            List.of("/bin/sh", "-c", "head -c 1000000 /dev/zero; echo e >&2"),
            Map.of("PATH", "/usr/bin:/bin"),
            Optional.empty(),
            new byte[0],
            LONG,
            1000);
    var result = Spawn.run(command);
    assertThat(result.exitCode()).isZero();
    assertThat(result.stdout()).hasSize(1000);
    assertThat(text(result.stderr())).isEqualTo("e\n");
    assertThat(result.truncated()).isTrue();
  }

  @Test
  void killsTheWholeGroupAtTheTimeout(@TempDir Path dir) throws Exception {
    var pidFile = dir.resolve("pid");
    var command =
        new Spawn.Command(
            List.of("/bin/sh", "-c", "echo early; sleep 100 & echo $! > " + pidFile + "; wait"),
            Map.of("PATH", "/usr/bin:/bin"),
            Optional.empty(),
            new byte[0],
            Duration.ofMillis(500),
            1000);
    var result = Spawn.run(command);
    assertThat(result.timedOut()).isTrue();
    assertThat(result.exitCode()).isEqualTo(137);
    assertThat(text(result.stdout())).isEqualTo("early\n");
    assertGone(Long.parseLong(Files.readString(pidFile).strip()));
  }

  /// The grandchild is a zombie until init reaps it, or gone.
  private static void assertGone(long pid) throws Exception {
    try (var process = PidFd.open(pid)) {
      assertThat(process.ended(Duration.ofSeconds(10))).isTrue();
    } catch (LinuxException e) {
      assertThat(e.errno()).isEqualTo(Errno.ESRCH);
    }
  }

  @Test
  void doesNotWaitForADescendantThatKeepsThePipe() throws Exception {
    var start = System.nanoTime();
    var result = sh("sleep 20 & echo done");
    assertThat(text(result.stdout())).isEqualTo("done\n");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void anInterruptKillsTheChildAndComesThrough() throws Exception {
    var started = new CountDownLatch(1);
    var thrown = new AtomicReference<Throwable>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              started.countDown();
              try {
                var _ = sh("exec sleep 100");
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    started.await();
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aMissingProgramIsNamed() {
    assertThatThrownBy(() -> Spawn.run(Spawn.Command.of(LONG, "/no/such/program")))
        .isInstanceOf(LinuxException.class)
        .hasMessage("execute /no/such/program: ENOENT");
  }

  @Test
  void aProgramWithoutAPathIsRefused() {
    assertThatThrownBy(() -> Spawn.Command.of(LONG, "sh"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyTheNamedDescriptorsAreInherited() throws Exception {
    try (var leak = Fd.open(Path.of("/dev/null"), OpenFlags.O_RDONLY, 0)) {
      var _ = Syscall.FCNTL.call(leak.number(), 2 /* F_SETFD */, 0); // without close-on-exec
      var result = sh("ls /proc/self/fd");
      assertThat(text(result.stdout()).lines()).containsExactly("0", "1", "2", "3"); // 3: ls itself
    }
  }

  @Test
  void noSignalIsBlockedOrIgnored() throws Exception {
    var status = text(sh("cat /proc/self/status").stdout());
    assertThat(status).contains("SigBlk:\t0000000000000000").contains("SigIgn:\t0000000000000000");
  }

  @Test
  void environmentAndDirectoryAreAsGiven(@TempDir Path dir) throws Exception {
    var command =
        new Spawn.Command(
            List.of("/bin/sh", "-c", "/usr/bin/env; pwd"),
            Map.of("A", "b=c"),
            Optional.of(dir),
            new byte[0],
            LONG,
            1000);
    assertThat(text(Spawn.run(command).stdout()))
        .contains("A=b=c\n")
        .contains(dir + "\n")
        .doesNotContain("HOME");
  }

  @Test
  void aLongLivedChildGetsChosenDescriptorsAndASession() throws Exception {
    var one = Fd.pipe();
    var two = Fd.pipe();
    try (var r1 = one[0];
        var w1 = one[1];
        var r2 = two[0];
        var w2 = two[1]) {
      // crossed on purpose: a target's number may be another's source
      var launch =
          new Spawn.Launch(
              List.of(
                  "/bin/sh", "-c", "echo five >&5; echo $$ >&7; cut -d' ' -f6 /proc/$$/stat >&7"),
              Map.of("PATH", "/usr/bin:/bin"),
              Optional.empty(),
              Map.of(5, w2, 7, w1),
              Spawn.Group.OWN_SESSION);
      try (var child = Spawn.start(launch)) {
        assertThat(child.waitExit(LONG)).contains(new ExitStatus(0, 0));
        assertThat(read(r2)).isEqualTo("five\n");
        assertThat(read(r1)).isEqualTo(child.pid() + "\n" + child.pid() + "\n");
        assertThatThrownBy(child::waitExit).hasMessageContaining("ECHILD");
      }
    }
  }

  @Test
  void manyChildrenAtOnceLoseNoExitCode() throws Exception {
    var results = new AtomicReference<String>("");
    var threads =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        var result = sh("echo " + i + "; exit " + i);
                        if (result.exitCode() != i || !text(result.stdout()).equals(i + "\n")) {
                          results.set("wrong " + i);
                        }
                      } catch (Exception e) {
                        results.set(String.valueOf(e));
                      }
                    }))
            .toList();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(results.get()).isEmpty();
  }

  private static String read(Fd fd) throws LinuxException {
    var buffer = ByteBuffer.allocateDirect(1000);
    var _ = fd.read(buffer);
    var bytes = new byte[buffer.flip().remaining()];
    buffer.get(bytes);
    return text(bytes);
  }
}
