// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// One plugin of a network's chain, with all fields as written.
record PluginConfig(String type, List<String> capabilities, ObjectNode json) {
  /// A file name, never a path: `type` names what is executed as root.
  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9._-]+");

  PluginConfig {
    capabilities = List.copyOf(capabilities);
  }

  /// @throws CniException when `type` is missing or is no plain file name
  static PluginConfig parse(JsonNode node) throws CniException {
    if (!(node instanceof ObjectNode json)) {
      throw invalid("a plugin is not an object");
    }
    var type = Json.text(json, "type");
    if (!TYPE.matcher(type).matches() || type.equals(".") || type.equals("..")) {
      throw invalid("plugin type '" + type + "' is not a file name of [A-Za-z0-9._-]");
    }
    var capabilities = new ArrayList<String>();
    for (var capability : json.path("capabilities").properties()) {
      if (capability.getValue().asBoolean(false)) {
        capabilities.add(capability.getKey());
      }
    }
    return new PluginConfig(type, capabilities, json);
  }

  /// {@return the standard input of one execution} (specification, "Deriving execution
  /// configuration from plugin configuration").
  ///
  /// @param arguments values by capability; those that the plugin does not name are left out
  ObjectNode execution(
      String network, CniVersion version, ObjectNode arguments, Optional<ObjectNode> prevResult) {
    var stdin = json.deepCopy();
    stdin.remove(List.of("capabilities", "runtimeConfig", "prevResult"));
    stdin.put("cniVersion", version.toString());
    stdin.put("name", network);
    var runtimeConfig = Json.newObject();
    for (var capability : capabilities) {
      arguments.optional(capability).ifPresent(value -> runtimeConfig.set(capability, value));
    }
    if (!runtimeConfig.isEmpty()) {
      stdin.set("runtimeConfig", runtimeConfig);
    }
    prevResult.ifPresent(result -> stdin.set("prevResult", result));
    return stdin;
  }

  private static CniException invalid(String message) {
    return new CniException(CniException.INVALID_NETWORK_CONFIG, message);
  }
}
