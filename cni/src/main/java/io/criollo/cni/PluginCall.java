// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/// One execution of one plugin.
///
/// @param command `ADD`, `DEL`, `CHECK`, `STATUS`, `GC` or `VERSION`
/// @param parameters the `CNI_…` variables besides `CNI_COMMAND` and `CNI_PATH`
/// @param stdin the execution configuration
record PluginCall(
    String command,
    String type,
    Map<String, String> parameters,
    ObjectNode stdin,
    Duration timeout) {
  PluginCall {
    parameters = Map.copyOf(parameters);
  }

  CniException failed(int code, String message, String details) {
    return new CniException(code, prefix() + message, details);
  }

  CniException failed(int code, String message, Throwable cause) {
    return new CniException(code, prefix() + message, cause);
  }

  /// The form that operators know from other runtimes.
  private String prefix() {
    return "plugin type=\"" + type + "\" failed (" + command.toLowerCase(Locale.ROOT) + "): ";
  }
}
