// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.linux.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What the `exec` of an OCI runtime has beyond what all have: crun and runc take a cgroup below
/// the container's, runsc of gVisor does not. Each binary is asked for its help once. Thread-safe.
final class ExecOptions {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int LONGEST_HELP = 64 << 10;
  private static final Map<Binary, Boolean> CGROUPS = new ConcurrentHashMap<>();

  private record Binary(Path path, FileTime changed) {}

  private ExecOptions() {}

  /// {@return whether `exec` takes `--cgroup`}
  static boolean hasCgroup(Path runtime) throws IOException {
    var binary = new Binary(runtime, Files.getLastModifiedTime(runtime));
    var known = CGROUPS.get(binary);
    if (known == null) {
      known = help(runtime).contains("-cgroup");
      CGROUPS.put(binary, known);
    }
    return known;
  }

  private static String help(Path runtime) throws IOException {
    var argv = List.of(runtime.toString(), "exec", "--help");
    try {
      var said =
          Spawn.run(
              new Spawn.Command(
                  argv, Map.of(), Optional.empty(), new byte[0], LIMIT, LONGEST_HELP));
      return new String(said.stdout(), UTF_8) + new String(said.stderr(), UTF_8);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + runtime + " tells its options", e);
    }
  }
}
