// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a plugin reports on its standard output when it fails (specification, "Error").
record PluginError(int code, String message, String details) {
  private static final int MAX_CHARS = 4096;

  /// {@return the error, if the output is one}
  static Optional<PluginError> parse(byte[] stdout) {
    try {
      var json = Json.parseObject(stdout);
      return isError(json)
          ? Optional.of(
              new PluginError(
                  json.path("code").asInt(CniException.INTERNAL),
                  printable(Json.text(json, "msg")),
                  printable(Json.text(json, "details"))))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  CniException toException(PluginCall call) {
    return call.failed(code, message.isEmpty() ? "error code " + code : message, details);
  }

  /// {@return the text of a plugin's standard error, fit for one line of a log}
  static String excerpt(byte[] output) {
    return printable(new String(output, StandardCharsets.UTF_8));
  }

  private static boolean isError(ObjectNode json) {
    return json.path("code").asInt(0) != 0 || json.path("msg").isTextual();
  }

  private static String printable(String text) {
    var line = text.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS) + "…";
  }
}
