// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Spawn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Asks the node's systemd over D-Bus, through busctl(1) and systemctl(1), which come with it. Any
/// thread.
final class SystemdUnits {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Path BOOTED = Path.of("/run/systemd/system"); // sd_booted(3)

  private static final String SYSTEMCTL = "/usr/bin/systemctl";
  private static final List<String> CALL =
      List.of(
          "/usr/bin/busctl",
          "--system",
          "--quiet",
          "call",
          "org.freedesktop.systemd1",
          "/org/freedesktop/systemd1",
          "org.freedesktop.systemd1.Manager");

  /// {@return whether systemd is this node's init}
  static boolean booted() {
    return Files.isDirectory(BOOTED);
  }

  /// Starts a transient slice and waits until it has its cgroup.
  void startSlice(String slice) throws LinuxException {
    var words = new ArrayList<>(List.of("StartTransientUnit", "ssa(sv)a(sa(sv))", slice, "fail"));
    var properties = new ArrayList<>(UnitProperties.ACCOUNTING);
    properties.add(List.of("Description", "s", "a pod of Criollo"));
    add(words, properties);
    words.add("0"); // auxiliary units
    call("make slice " + slice, words);
    run("start slice " + slice, List.of(SYSTEMCTL, "start", slice)); // waits for what was begun
  }

  /// Stops a unit with all units in it, and waits for it.
  void stop(String unit) throws LinuxException {
    run("stop " + unit, List.of(SYSTEMCTL, "stop", unit));
  }

  /// Gives a unit other limits until it stops or the node is shut down.
  void set(String unit, List<List<String>> properties) throws LinuxException {
    if (properties.isEmpty()) {
      return;
    }
    var words = new ArrayList<>(List.of("SetUnitProperties", "sba(sv)", unit, "true"));
    add(words, properties);
    call("set limits of " + unit, words);
  }

  private static void add(List<String> words, List<List<String>> properties) {
    words.add(Integer.toString(properties.size()));
    properties.forEach(words::addAll);
  }

  private static void call(String what, List<String> words) throws LinuxException {
    var argv = new ArrayList<>(CALL);
    argv.addAll(words);
    run(what, argv);
  }

  private static void run(String what, List<String> argv) throws LinuxException {
    try {
      var result = Spawn.run(Spawn.Command.of(LIMIT, argv.toArray(String[]::new)));
      if (result.timedOut() || result.exitCode() != 0) {
        var said = new String(result.stderr(), StandardCharsets.UTF_8).strip();
        var why = result.timedOut() ? "no answer within " + LIMIT.toSeconds() + " s" : said;
        throw new LinuxException(Errno.EREMOTEIO, what + " by systemd", why);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new LinuxException(Errno.EINTR, what + " by systemd", "");
    }
  }
}
