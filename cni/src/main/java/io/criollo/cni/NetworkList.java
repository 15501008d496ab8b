// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A network's configuration: a name and a chain of plugins.
///
/// @param versions those of the file that are spoken here, ascending, never empty
/// @param json as written, for the cache
record NetworkList(
    String name, List<CniVersion> versions, List<PluginConfig> plugins, ObjectNode json) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  NetworkList {
    versions = List.copyOf(versions);
    plugins = List.copyOf(plugins);
  }

  /// Reads the content of a `.conflist` file (specification, "Network configuration format").
  static NetworkList parse(ObjectNode json) throws CniException {
    var name = Json.text(json, "name");
    if (!NAME.matcher(name).matches()) {
      throw invalid("network name '" + name + "' is not valid");
    }
    var plugins = new ArrayList<PluginConfig>();
    for (var plugin : json.path("plugins")) {
      plugins.add(PluginConfig.parse(plugin));
    }
    if (plugins.isEmpty()) {
      throw invalid("network " + name + " has no plugins");
    }
    return new NetworkList(name, versions(json), plugins, json);
  }

  /// Reads the content of a `.conf` or `.json` file: one plugin that is its own network.
  static NetworkList parseSingle(ObjectNode json) throws CniException {
    if (json.has("plugins") && !json.has("type")) {
      throw invalid("a list of plugins belongs into a .conflist file");
    }
    var list = Json.newObject();
    for (var field : List.of("cniVersion", "cniVersions", "name", "disableCheck", "disableGC")) {
      json.optional(field).ifPresent(value -> list.set(field, value));
    }
    list.putArray("plugins").add(json);
    return parse(list);
  }

  /// {@return whether the file has a switch on, such as `disableCheck`} Some write it as a text.
  boolean has(String feature) {
    return json.path(feature).asBoolean(false);
  }

  /// {@return whether a plugin of the chain asks for what pods say under this name}
  boolean asksFor(String capability) {
    return plugins.stream().anyMatch(plugin -> plugin.capabilities().contains(capability));
  }

  /// {@return the same with one more plugin at the end of the chain, which asks for this}
  NetworkList with(String type, String capability) throws CniException {
    var longer = json.deepCopy();
    var plugin = longer.withArray("plugins").addObject().put("type", type);
    plugin.putObject("capabilities").put(capability, true);
    return parse(longer);
  }

  private static List<CniVersion> versions(ObjectNode json) throws CniException {
    var wanted = new ArrayList<>(Json.texts(json.path("cniVersions")));
    json.optional("cniVersion").map(JsonNode::asText).ifPresent(wanted::add);
    var spoken =
        wanted.stream().flatMap(text -> CniVersion.of(text).stream()).distinct().sorted().toList();
    if (spoken.isEmpty()) {
      throw new CniException(
          CniException.INCOMPATIBLE_VERSION,
          "cniVersion " + wanted + " is none of " + CniVersion.all());
    }
    return spoken;
  }

  private static CniException invalid(String message) {
    return new CniException(CniException.INVALID_NETWORK_CONFIG, message);
  }
}
