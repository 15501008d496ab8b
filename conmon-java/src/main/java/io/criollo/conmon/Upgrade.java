// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.linux.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/// Puts another monitor's program in the place of this one, in the same process: it has the same
/// children and the same listener, where whoever comes meanwhile waits, and takes over as from one
/// that was killed. Requests are answered first; sessions break.
final class Upgrade {
  /// How long a request may hold it up. A collected exec that takes longer is an error to its
  /// caller, as when a monitor is killed.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Shared shared;
  private final Entrance entrance;

  Upgrade(Shared shared, Entrance entrance) {
    this.shared = shared;
    this.entrance = entrance;
  }

  /// Returns only when it fails; all goes on then.
  Reply run(Request.Upgrade request) throws InterruptedException {
    try {
      if (!entrance.shut(PATIENCE)) {
        System.err.println("WARNING the monitor is replaced while it still works on requests");
      }
      var argv = new ArrayList<String>(request.command());
      argv.add(Main.LISTENER);
      argv.add(Integer.toString(Program.number(entrance.listener())));
      return shared
          .loop()
          .call(() -> { // where no log is being written
            if (!shared.exits().write()) {
              throw new IOException("there are exits that cannot be written");
            }
            Program.replace(argv, Map.of("PATH", Main.PATH), entrance.listener());
            return new Reply.Done();
          });
    } catch (IOException e) {
      reopen();
      return new Reply.Failed(FailureKind.SYSTEM, String.valueOf(e.getMessage()));
    }
  }

  private void reopen() {
    try {
      entrance.open();
    } catch (IOException e) {
      System.err.println("ERROR cannot go on: " + e.getMessage());
      Runtime.getRuntime().halt(1); // the daemon starts another
    }
  }
}
