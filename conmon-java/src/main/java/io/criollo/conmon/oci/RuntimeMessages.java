// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the reason in what an OCI runtime printed: JSON lines (`{"level":"error","msg":…}`),
/// logrus text (`level=error msg="…"`), or anything else as it is.
public final class RuntimeMessages {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern LOGRUS =
      Pattern.compile("level=(?:error|fatal) msg=(\"(?:[^\"\\\\]|\\\\.)*+\"|[^\"\\s]\\S*+)");
  private static final int LONGEST = 4096;

  private RuntimeMessages() {}

  /// {@return the last error in `output`; empty when nothing is in it}
  public static Optional<String> error(byte[] output) {
    String text = new String(output, UTF_8).strip();
    Optional<String> found = Optional.empty();
    for (String line : text.lines().toList()) {
      Optional<String> here = json(line.strip()).or(() -> logrus(line));
      found = here.isPresent() ? here : found;
    }
    return found
        .or(() -> text.isEmpty() ? Optional.empty() : Optional.of(text))
        .map(RuntimeMessages::clean);
  }

  private static Optional<String> json(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    String level = "";
    String message = "";
    try (JsonParser parser = JSON.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        String value = token != null && token.isScalarValue() ? parser.getText() : "";
        parser.skipChildren();
        level = name.equals("level") ? value : level;
        message = name.equals("msg") ? value : message;
      }
    } catch (IOException _) {
      return Optional.empty(); // a line that only looks like JSON is shown as it is
    }
    boolean bad = level.equals("error") || level.equals("fatal");
    return bad && !message.isBlank() ? Optional.of(message) : Optional.empty();
  }

  private static Optional<String> logrus(String line) {
    Matcher matcher = LOGRUS.matcher(line);
    if (!matcher.find()) {
      return Optional.empty();
    }
    String message = matcher.group(1);
    return Optional.of(
        message.startsWith("\"")
            ? message.substring(1, message.length() - 1).replaceAll("\\\\(.)", "$1")
            : message);
  }

  private static String clean(String message) {
    String cut = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
    return cut.strip().replaceAll("\\p{Cntrl}", " ");
  }
}
