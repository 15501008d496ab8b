// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Reads a success result of the versions 0.3.0 to 1.1.0, which differ only in fields that are of
/// no use here. Fields of a wrong type count as absent; a wrong address is an error, because the
/// kubelet would publish it.
final class ResultParser {
  private ResultParser() {}

  /// @throws IllegalArgumentException when an address is none
  static CniResult parse(JsonNode json) {
    return new CniResult(
        ips(json.path("ips")),
        interfaces(json.path("interfaces")),
        routes(json.path("routes")),
        dns(json.path("dns")));
  }

  private static List<IpConfig> ips(JsonNode array) {
    var ips = new ArrayList<IpConfig>();
    for (var ip : array) {
      var address = Json.text(ip, "address");
      try {
        ips.add(new IpConfig(address, Json.textOrNone(ip, "gateway"), index(ip.path("interface"))));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("result has IP '" + address + "': " + e.getMessage(), e);
      }
    }
    return ips;
  }

  private static OptionalInt index(JsonNode node) {
    return node.canConvertToInt() && node.isIntegralNumber()
        ? OptionalInt.of(node.intValue())
        : OptionalInt.empty();
  }

  private static List<Interface> interfaces(JsonNode array) {
    var interfaces = new ArrayList<Interface>();
    for (var each : array) {
      interfaces.add(
          new Interface(
              Json.text(each, "name"), Json.text(each, "mac"), Json.text(each, "sandbox")));
    }
    return interfaces;
  }

  private static List<Route> routes(JsonNode array) {
    var routes = new ArrayList<Route>();
    for (var route : array) {
      routes.add(new Route(Json.text(route, "dst"), Json.textOrNone(route, "gw")));
    }
    return routes;
  }

  private static Dns dns(JsonNode dns) {
    if (!dns.isObject()) {
      return Dns.NONE;
    }
    return new Dns(
        Json.texts(dns.path("nameservers")),
        Json.text(dns, "domain"),
        Json.texts(dns.path("search")),
        Json.texts(dns.path("options")));
  }
}
