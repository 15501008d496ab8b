// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFdMountKernelTest {
  @TempDir private Path folder;

  @Test
  void tellsHowAProcessEndedThatSomebodyElseReaped() throws Exception {
    Path target = Files.createFile(folder.resolve("pidfd"));
    try {
      long pid = runPinned(target, "read line; exit 42");
      try (PidFd later = PidFdMount.open(target, pid)) {
        assertThat(later.alive()).isFalse();
        assertThat(later.exitInfo()).map(ExitStatus::exitCode).contains(42);
      }
    } finally {
      PidFdMount.unpin(target);
      PidFdMount.unpin(target);
    }
  }

  private static long runPinned(Path target, String script) throws LinuxException {
    var argv = List.of("/bin/sh", "-c", script);
    Fd[] pipe = Fd.pipe();
    try (Fd in = pipe[0];
        Fd out = pipe[1]) {
      var launch =
          new Spawn.Launch(argv, Map.of(), Optional.empty(), Map.of(0, in), Spawn.Group.SAME);
      try (Child child = Spawn.start(launch)) {
        boolean pinned = pin(child, target);
        out.writeAll(new byte[] {'\n'});
        assertThat(child.waitExit().exitCode()).isEqualTo(42);
        assumeTrue(pinned, "PidFdMount needs Linux 6.14");
        return child.pid();
      }
    }
  }

  private static boolean pin(Child child, Path target) throws LinuxException {
    try {
      PidFdMount.pin(child.pidFd(), target);
      return true;
    } catch (LinuxException e) {
      assertThat(e.errno()).isEqualTo(Errno.EINVAL);
      return false;
    }
  }
}
