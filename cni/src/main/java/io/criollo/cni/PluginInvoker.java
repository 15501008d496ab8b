// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import io.criollo.linux.LinuxException;
import io.criollo.linux.Signals;
import io.criollo.linux.Spawn;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Executes one plugin: standard input, environment, standard output, time limit.
final class PluginInvoker {
  private static final System.Logger LOG = System.getLogger(PluginInvoker.class.getName());
  private static final int MAX_OUTPUT_BYTES = 1 << 20;
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final PluginDirs dirs;
  private final Map<String, String> environment;

  PluginInvoker(PluginDirs dirs, Map<String, String> inherited) {
    this.dirs = dirs;
    var variables = new HashMap<>(inherited);
    // systemd's talk with this process is not for its children
    variables.keySet().removeIf(PluginInvoker::isOurs);
    variables.putIfAbsent("PATH", DEFAULT_PATH);
    variables.put("CNI_PATH", dirs.cniPath());
    this.environment = Map.copyOf(variables);
  }

  private static boolean isOurs(String name) {
    return name.startsWith("CNI_")
        || name.startsWith("LISTEN_")
        || name.startsWith("WATCHDOG_")
        || name.equals("NOTIFY_SOCKET")
        || name.equals("FDSTORE");
  }

  /// {@return what the plugin wrote to its standard output, when it ended with 0}
  byte[] run(PluginCall call) throws CniException, InterruptedException {
    var plugin = dirs.find(call.type());
    long begin = System.nanoTime();
    var result = spawn(call, plugin);
    LOG.log(
        Level.DEBUG,
        "cni {0} {1} {2}: exit code {3} after {4} ms",
        call.command(),
        call.type(),
        call.parameters().getOrDefault("CNI_CONTAINERID", ""),
        result.exitCode(),
        (System.nanoTime() - begin) / 1_000_000);
    if (result.timedOut()) {
      throw call.failed(
          CniException.TRY_AGAIN_LATER,
          "killed after " + call.timeout().toMillis() + " ms",
          PluginError.excerpt(result.stderr()));
    }
    if (result.truncated() && result.stdout().length == MAX_OUTPUT_BYTES) {
      throw call.failed(
          CniException.DECODING_FAILURE, "wrote more than " + MAX_OUTPUT_BYTES + " bytes", "");
    }
    var error = PluginError.parse(result.stdout());
    if (error.isPresent()) {
      throw error.get().toException(call);
    }
    if (result.exitCode() != 0) {
      throw call.failed(
          CniException.INTERNAL, ended(result.exitCode()), PluginError.excerpt(result.stderr()));
    }
    return result.stdout();
  }

  private Spawn.Result spawn(PluginCall call, Path plugin)
      throws CniException, InterruptedException {
    var variables = new HashMap<>(environment);
    variables.putAll(call.parameters());
    variables.put("CNI_COMMAND", call.command());
    try {
      return Spawn.run(
          new Spawn.Command(
              List.of(plugin.toString()),
              variables,
              Optional.empty(),
              Json.bytes(call.stdin()),
              call.timeout(),
              MAX_OUTPUT_BYTES));
    } catch (LinuxException e) {
      throw call.failed(CniException.INTERNAL, String.valueOf(e.getMessage()), e);
    }
  }

  private static String ended(int exitCode) {
    return Signals.ended(exitCode) + (exitCode > 128 ? "" : " without an error report");
  }
}
