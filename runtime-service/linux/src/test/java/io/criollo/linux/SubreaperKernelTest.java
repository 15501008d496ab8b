// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SubreaperKernelTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final LinkedBlockingQueue<Subreaper.Orphan> ORPHANS = new LinkedBlockingQueue<>();

  @BeforeAll
  static void start() throws Exception {
    Subreaper.start(ORPHANS::add);
  }

  /// Runs a script that leaves a descendant behind and prints its pid.
  private static long leave(String script) throws Exception {
    var result = Spawn.run(Spawn.Command.of(LONG, "/bin/sh", "-c", script));
    return Long.parseLong(new String(result.stdout(), UTF_8).strip());
  }

  private static Subreaper.Orphan next(long pid) throws Exception {
    while (true) {
      var orphan = ORPHANS.poll(20, TimeUnit.SECONDS);
      assertThat(orphan).isNotNull();
      if (orphan.pid() == pid) {
        return orphan;
      }
    }
  }

  @Test
  void orphansAreReapedAndReported() throws Exception {
    var pid = leave("sh -c 'exec >&- 2>&-; sleep 0.2; exit 6' & exec /bin/echo $!");
    assertThat(next(pid).status()).isEqualTo(new ExitStatus(6, 0));
    assertThatThrownBy(() -> PidFd.open(pid)).hasMessageContaining("ESRCH");
  }

  @Test
  void anAdoptedOrphanKeepsItsExitCodeHoweverEarlyItEnds() throws Exception {
    for (var i = 0; i < 50; i++) {
      try (var _ = Subreaper.hold();
          var child = Subreaper.adopt(leave("sh -c 'exit " + i + "' & exec /bin/echo $!"))) {
        assertThat(child.waitExit(LONG)).contains(new ExitStatus(i, 0));
      }
    }
    assertThat(ORPHANS).noneMatch(orphan -> orphan.status().signal() != 0);
  }

  @Test
  void whoseParentTakesItsTimeToEndIsAdoptedThen() throws Exception {
    var parent = "(sh -c 'exec >&- 2>&-; sleep 0.5; exit 7' & echo $!; exec >&- 2>&-; sleep 0.2) &";
    try (var _ = Subreaper.hold()) {
      var pid = leave("pid=$( " + parent + "); echo $pid");
      try (var child = Subreaper.adoptLater(pid, LONG)) {
        assertThat(child.waitExit(LONG)).contains(new ExitStatus(7, 0));
      }
    }
  }

  @Test
  void anAdoptedOrphanIsItsHoldersAfterTheHold() throws Exception {
    Child child;
    try (var _ = Subreaper.hold()) {
      child =
          Subreaper.adopt(leave("sh -c 'exec >&- 2>&-; sleep 0.3; exit 9' & exec /bin/echo $!"));
    }
    try (child) {
      assertThat(child.pidFd().ended(LONG)).isTrue();
      assertThat(child.waitExit()).isEqualTo(new ExitStatus(9, 0));
    }
  }

  @Test
  void childrenAreNotStolen() throws Exception {
    for (var i = 0; i < 100; i++) {
      var result = Spawn.run(Spawn.Command.of(LONG, "/bin/sh", "-c", "exit " + i));
      assertThat(result.exitCode()).isEqualTo(i);
    }
  }

  @Test
  void strangersAreNotAdopted() {
    assertThatThrownBy(() -> Subreaper.adoptLater(1, Duration.ofMillis(50)))
        .hasMessageContaining("ECHILD");
    assertThatThrownBy(() -> Subreaper.adopt(1)).hasMessageContaining("ECHILD");
  }

  @Test
  void aChildLetGoUnreapedIsReaped() throws Exception {
    var launch =
        new Spawn.Launch(
            java.util.List.of("/bin/sh", "-c", "exit 3"),
            java.util.Map.of(),
            java.util.Optional.empty(),
            java.util.Map.of(),
            Spawn.Group.OWN_GROUP);
    var child = Spawn.start(launch);
    var pid = child.pid();
    child.close();
    assertThat(next(pid).status().exitCode()).isEqualTo(3);
  }
}
