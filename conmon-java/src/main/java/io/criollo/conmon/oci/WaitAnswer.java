// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.OptionalInt;

/// What the `wait` of a runtime with sandboxes prints, as runsc of gVisor does:
/// `{"id":…,"exitStatus":…}`.
public final class WaitAnswer {
  private static final JsonFactory JSON = new JsonFactory();

  private WaitAnswer() {}

  /// {@return the container's exit code, 128 + signal when a signal ended it; empty when there is
  /// none in it, for one because the sandbox ended first}
  public static OptionalInt exitCode(byte[] printed) {
    try (JsonParser parser = JSON.createParser(printed)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && name.equals("exitStatus")) {
          return OptionalInt.of(parser.getIntValue());
        }
        parser.skipChildren();
      }
    } catch (IOException _) { // cut short, or no JSON
      return OptionalInt.empty();
    }
    return OptionalInt.empty();
  }
}
