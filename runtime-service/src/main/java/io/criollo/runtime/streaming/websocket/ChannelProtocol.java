// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.websocket;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The subprotocols with numbered channels. A client that names none speaks the first version.
public enum ChannelProtocol {
  V5("v5.channel.k8s.io", false, true),
  V4("v4.channel.k8s.io", false, true),
  V4_BASE64("v4.base64.channel.k8s.io", true, true),
  V1("channel.k8s.io", false, false),
  V1_BASE64("base64.channel.k8s.io", true, false);

  private final String subprotocol;
  private final boolean base64;
  private final boolean jsonStatus;

  ChannelProtocol(String subprotocol, boolean base64, boolean jsonStatus) {
    this.subprotocol = subprotocol;
    this.base64 = base64;
    this.jsonStatus = jsonStatus;
  }

  public String subprotocol() {
    return subprotocol;
  }

  /// {@return whether messages are text: a digit, then base64}
  boolean base64() {
    return base64;
  }

  /// {@return whether the outcome is sent as a `v1.Status` object, else as plain text}
  public boolean jsonStatus() {
    return jsonStatus;
  }

  /// {@return whether a client can end one channel alone}
  boolean closesChannels() {
    return this == V5;
  }

  public static Optional<ChannelProtocol> named(String subprotocol) {
    return Arrays.stream(values()).filter(p -> p.subprotocol.equals(subprotocol)).findFirst();
  }

  public static List<String> names() {
    return Arrays.stream(values()).map(ChannelProtocol::subprotocol).toList();
  }
}
