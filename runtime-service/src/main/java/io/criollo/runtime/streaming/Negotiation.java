// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What the headers of an upgrade request ask for.
final class Negotiation {
  static final String SPDY = "SPDY/3.1";
  static final String SPDY_PROTOCOL = "X-Stream-Protocol-Version";

  private Negotiation() {}

  static boolean isWebSocket(HttpHeaders headers) {
    return upgradesTo(headers, "websocket");
  }

  static boolean isSpdy(HttpHeaders headers) {
    return upgradesTo(headers, SPDY);
  }

  /// {@return the first protocol of the client's list that we speak; empty when it names none}
  static Optional<String> protocol(HttpHeaders headers, CharSequence header, List<String> spoken)
      throws Upgrade.Refused {
    var asked =
        headers.getAll(header).stream()
            .flatMap(value -> Arrays.stream(value.split(",")))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    var chosen = asked.stream().filter(spoken::contains).findFirst();
    if (chosen.isEmpty() && !asked.isEmpty()) {
      throw new Upgrade.Refused(
          HttpResponseStatus.FORBIDDEN,
          "unable to negotiate protocol: client supports " + asked + ", server accepts " + spoken);
    }
    return chosen;
  }

  private static boolean upgradesTo(HttpHeaders headers, String protocol) {
    return headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
        && headers.containsValue(HttpHeaderNames.UPGRADE, protocol, true);
  }
}
