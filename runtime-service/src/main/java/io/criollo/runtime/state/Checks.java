// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.runtime.state.Refusal.InvalidArgument;
import java.nio.file.Path;
import java.util.Map;

/// Rules that many fields of requests share. Each throws [Refusal.InvalidArgument] that names the
/// field.
public final class Checks {
  private static final int LONGEST_NAME = 253;
  private static final int LARGEST_LABEL = 4096;

  /// What an API server lets through, and what a kubelet adds.
  private static final int LARGEST_MAP = 260 << 10;

  private static final int LONGEST_PATH = 4095;
  private static final int LONGEST_PART = 255;

  private Checks() {}

  /// A name: not empty, at most 253 characters, no {@code /}, no control character.
  public static void name(String field, String value) {
    if (value.isEmpty()) {
      throw new InvalidArgument(field, value, "must not be empty");
    }
    if (value.length() > LONGEST_NAME) {
      throw new InvalidArgument(field, value, "must have at most 253 characters");
    }
    if (value.indexOf('/') >= 0 || value.equals("..")) {
      throw new InvalidArgument(field, value, "must not contain '/' or be '..'");
    }
    noControl(field, value);
  }

  public static void noControl(String field, String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidArgument(field, value, "must not contain control characters");
    }
  }

  /// An absolute path without {@code ..}.
  public static void absolutePath(String field, String value) {
    noControl(field, value);
    if (!value.startsWith("/")) {
      throw new InvalidArgument(field, value, "must be an absolute path");
    }
    parts(field, value);
  }

  /// A path that the kernel takes, without {@code ..}.
  public static void parts(String field, String value) {
    if (bytes(value) > LONGEST_PATH) {
      throw new InvalidArgument(field, value, "must have at most 4095 bytes");
    }
    for (var part : Path.of(value)) {
      if (part.toString().equals("..")) {
        throw new InvalidArgument(field, value, "must not contain '..'");
      }
      if (bytes(part.toString()) > LONGEST_PART) {
        throw new InvalidArgument(field, value, "must not contain names of more than 255 bytes");
      }
    }
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  /// At most 4096 bytes for each key with its value, 260 KiB for all.
  public static void labels(String field, Map<String, String> labels) {
    labels.forEach((key, value) -> {
      if (bytes(key) + bytes(value) > LARGEST_LABEL) {
        throw new InvalidArgument(field, key, "must have at most 4096 bytes with its value");
      }
    });
    annotations(field, labels);
  }

  /// At most 260 KiB for all keys and values.
  public static void annotations(String field, Map<String, String> all) {
    long size =
        all.entrySet().stream().mapToLong(e -> bytes(e.getKey()) + bytes(e.getValue())).sum();
    if (size > LARGEST_MAP) {
      throw new InvalidArgument(
          field, size + " bytes", "must have at most " + LARGEST_MAP + " bytes in all");
    }
  }
}
