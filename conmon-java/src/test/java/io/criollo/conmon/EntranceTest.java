// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.UnixSockets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EntranceTest {
  @TempDir private Path folder = Path.of("");
  private Fd listener;
  private Fd client;
  private final List<String> log = new ArrayList<>();

  /// Ends the serving, which else goes on for ever.
  private static final class Received extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @BeforeEach
  void listen() throws IOException {
    listener = UnixSockets.listen(folder.resolve("socket"), 0600);
    client = UnixSockets.connect(folder.resolve("socket"));
  }

  @AfterEach
  void close() {
    client.close();
    listener.close();
  }

  private static Entrance.Door failing(int... errnos) {
    Queue<Integer> left = new ArrayDeque<>();
    for (int errno : errnos) {
      left.add(errno);
    }
    return from -> {
      Integer next = left.poll();
      if (next != null) {
        throw new LinuxException(next, "accept at " + from, "");
      }
      return UnixSockets.accept(from);
    };
  }

  private static void receive(Fd connection, Entrance.Visit visit) {
    visit.close();
    connection.close();
    throw new Received();
  }

  @Test
  void whatIsShortIsWaitedForAndToldOnce() throws Exception {
    Entrance.Door door =
        failing(Errno.EMFILE, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS);
    var entrance = new Entrance(listener, door, log::add);
    long begin = System.nanoTime();

    assertThatThrownBy(() -> entrance.serve(EntranceTest::receive)).isInstanceOf(Received.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .as("five times a moment")
        .isGreaterThan(Duration.ofMillis(250));
    assertThat(log).singleElement().asString().contains("EMFILE");
    assertThat(entrance.shut(Duration.ZERO)).as("nobody is counted as inside").isTrue();
  }

  @Test
  void whoHasGoneAndWhatInterruptsIsPassedOverWithoutAWord() throws Exception {
    var entrance = new Entrance(listener, failing(Errno.ECONNABORTED, Errno.EINTR), log::add);

    assertThatThrownBy(() -> entrance.serve(EntranceTest::receive)).isInstanceOf(Received.class);
    assertThat(log).isEmpty();
  }

  @Test
  void whoCannotBeGivenAThreadIsSentAwayAndTheNextIsReceived() throws Exception {
    var entrance = new Entrance(listener, UnixSockets::accept, log::add);
    var refused = new ArrayList<Fd>();
    try (Fd _ = UnixSockets.connect(folder.resolve("socket"))) {
      assertThatThrownBy(() ->
              entrance.serve((connection, visit) -> {
                if (!refused.isEmpty()) {
                  receive(connection, visit);
                }
                refused.add(connection);
                throw new OutOfMemoryError("unable to create native thread");
              }))
          .isInstanceOf(Received.class);
    }
    assertThat(refused).singleElement().matches(connection -> !connection.isOpen());
    assertThat(log).singleElement().asString().contains("native thread");
    assertThat(entrance.shut(Duration.ZERO)).as("nobody is counted as inside").isTrue();
  }

  @Test
  void anErrorThatDoesNotPassEndsIt() throws Exception {
    var entrance = new Entrance(listener, failing(Errno.EINVAL), log::add);

    assertThatThrownBy(() -> entrance.serve(EntranceTest::receive))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("EINVAL");
  }
}
