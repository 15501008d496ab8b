// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// All that a DEL needs to know of an ADD, so that it also works when the network's file, the
/// daemon or the node's uptime is another one by then.
///
/// @param result the chain's last result as the plugin wrote it; empty while ADD is under way
record CachedAttachment(
    PodAttachment pod, NetworkList network, CniVersion version, Optional<ObjectNode> result) {
  private static final int FORMAT = 1;

  CachedAttachment withResult(ObjectNode newResult) {
    return new CachedAttachment(pod, network, version, Optional.of(newResult));
  }

  byte[] toJson() {
    var json = Json.newObject();
    json.put("formatVersion", FORMAT);
    json.set("pod", podJson());
    json.put("cniVersion", version.toString());
    json.set("network", network.json());
    result.ifPresent(value -> json.set("result", value));
    return Json.bytes(json);
  }

  /// @throws IOException when the file is torn or not ours
  static CachedAttachment fromJson(byte[] text) throws IOException {
    var json = Json.parseObject(text);
    if (json.path("formatVersion").asInt(0) != FORMAT) {
      throw new IOException("formatVersion is not " + FORMAT);
    }
    if (!(json.path("network") instanceof ObjectNode network)) {
      throw new IOException("no network");
    }
    try {
      return new CachedAttachment(
          pod(json.path("pod")),
          NetworkList.parse(network),
          CniVersion.of(Json.text(json, "cniVersion"))
              .orElseThrow(() -> new IOException("cniVersion is unknown")),
          json.path("result") instanceof ObjectNode object
              ? Optional.of(object)
              : Optional.empty());
    } catch (CniException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private ObjectNode podJson() {
    var json = Json.newObject();
    json.put("id", pod.podId());
    json.put("namespace", pod.namespace());
    json.put("name", pod.name());
    json.put("uid", pod.uid());
    json.put("netNs", pod.netNs().toString());
    json.put("ifName", pod.ifName());
    var arguments = pod.arguments();
    var mappings = json.putArray("portMappings");
    for (var mapping : arguments.portMappings()) {
      mappings
          .addObject()
          .put("protocol", mapping.protocol())
          .put("hostPort", mapping.hostPort())
          .put("containerPort", mapping.containerPort())
          .put("hostIp", mapping.hostIp().orElse(""));
    }
    json.set("annotations", Json.valueOf(arguments.annotations()));
    if (!arguments.dns().equals(Dns.NONE)) {
      var dns = json.putObject("dns");
      dns.set("nameservers", Json.valueOf(arguments.dns().nameservers()));
      dns.set("search", Json.valueOf(arguments.dns().search()));
      dns.set("options", Json.valueOf(arguments.dns().options()));
    }
    json.set("ipRanges", Json.valueOf(arguments.ipRanges()));
    return json;
  }

  private static Dns dns(JsonNode json) {
    return new Dns(
        Json.texts(json.path("nameservers")),
        "",
        Json.texts(json.path("search")),
        Json.texts(json.path("options")));
  }

  private static PodAttachment pod(JsonNode json) {
    var annotations = new HashMap<String, String>();
    json.path("annotations")
        .properties()
        .forEach(entry -> annotations.put(entry.getKey(), entry.getValue().asText("")));
    return new PodAttachment(
        Json.text(json, "id"),
        Json.text(json, "namespace"),
        Json.text(json, "name"),
        Json.text(json, "uid"),
        Path.of(Json.text(json, "netNs")),
        Json.text(json, "ifName"),
        new PodArguments(
            portMappings(json.path("portMappings")),
            annotations,
            dns(json.path("dns")),
            Json.texts(json.path("ipRanges"))));
  }

  private static List<PortMapping> portMappings(JsonNode array) {
    var mappings = new ArrayList<PortMapping>();
    for (var mapping : array) {
      mappings.add(
          new PortMapping(
              Json.text(mapping, "protocol"),
              mapping.path("hostPort").asInt(0),
              mapping.path("containerPort").asInt(0),
              Json.textOrNone(mapping, "hostIp")));
    }
    return mappings;
  }
}
