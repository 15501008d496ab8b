// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.runtime.state.Refusal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Questions that many fields have to answer. A "no" is an InvalidArgument that names the field.
final class Check {
  private static final int PATH_MAX = 4096;
  private static final int NAME_MAX = 255;

  private Check() {}

  static void that(boolean holds, String field, Object value, String allowed) {
    if (!holds) {
      throw new Refusal.InvalidArgument(field, value, allowed);
    }
  }

  static long range(String field, long value, long low, long high) {
    that(value >= low && value <= high, field, value, "must be " + low + " to " + high);
    return value;
  }

  /// Ids of users and groups: those that no kernel interface takes for "none" or a negative number.
  static int id(String field, long value) {
    return (int) range(field, value, 0, Integer.MAX_VALUE);
  }

  static String noControlCharacters(String field, String value) {
    that(
        value.chars().noneMatch(Character::isISOControl),
        field,
        value,
        "must not contain control characters");
    return value;
  }

  /// {@return the path without doubled slashes, "." and a slash at its end}
  static String absolutePath(String field, String path) {
    noControlCharacters(field, path);
    that(path.startsWith("/"), field, path, "must be an absolute path");
    that(path.length() < PATH_MAX, field, path, "must be shorter than " + PATH_MAX);
    var names = names(path);
    that(!names.contains(".."), field, path, "must not contain '..'");
    that(
        names.stream().allMatch(name -> name.getBytes(UTF_8).length <= NAME_MAX),
        field,
        path,
        "must not contain names of more than " + NAME_MAX + " bytes");
    return "/" + String.join("/", names);
  }

  /// {@return the names in a path, without "."}
  static List<String> names(String path) {
    return Arrays.stream(path.split("/"))
        .filter(name -> !name.isEmpty() && !name.equals("."))
        .toList();
  }

  /// {@return the host's path; names that the JDK's locale cannot write are refused}
  static Path hostPath(String field, String path) {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new Refusal.InvalidArgument(field, path, "cannot be used as a path: " + e.getReason());
    }
  }

  static boolean isAtOrBelow(String path, String directory) {
    return path.equals(directory) || path.startsWith(directory.equals("/") ? "/" : directory + "/");
  }
}
