// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where the monitor is and how it is started: `launch` is the command, to which `--socket`,
/// `--state-dir` and `--run-dir` are added. FIFOs are made in `runDir/containers/ID/`.
public record MonitorSettings(Path socket, Path stateDir, Path runDir, List<String> launch) {
  /// The exit code of a monitor that finds another one running.
  public static final int ANOTHER_RUNS = 3;

  /// {@return the whole command line}
  List<String> command() {
    var argv = new ArrayList<String>(launch);
    argv.addAll(List.of("--socket", socket.toString()));
    argv.addAll(List.of("--state-dir", stateDir.toString()));
    argv.addAll(List.of("--run-dir", runDir.toString()));
    return argv;
  }

  public MonitorSettings {
    launch = List.copyOf(launch);
  }
}
