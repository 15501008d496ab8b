// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Titles of blobs as paths of files. Whoever makes an artifact chooses them.
final class FileTitle {
  private static final int LONGEST_PATH = 1024;
  private static final int LONGEST_NAME = 255;
  private static final int SHOWN = 100;

  private FileTitle() {}

  /// {@return a title that is a relative path in its simplest form}
  static String checked(String title, Digest blob) throws ImageException {
    var fault = fault(title);
    if (fault.isPresent()) {
      var shown = title.length() <= SHOWN ? title : title.substring(0, SHOWN) + "…";
      throw new ImageException(
          Kind.CORRUPT,
          "artifact: title \"%s\" of blob %s is no name of a file: %s"
              .formatted(shown.replaceAll("\\p{Cntrl}", "?"), blob, fault.get()));
    }
    return title;
  }

  private static Optional<String> fault(String title) {
    if (title.isEmpty()) {
      return Optional.of("it is empty");
    }
    if (title.startsWith("/")) {
      return Optional.of("it must be relative");
    }
    if (title.chars().anyMatch(Character::isISOControl)
        || !StandardCharsets.UTF_8.newEncoder().canEncode(title)) {
      return Optional.of("it has characters that no name may have");
    }
    if (bytes(title) > LONGEST_PATH) {
      return Optional.of("it is longer than " + LONGEST_PATH + " bytes");
    }
    for (var name : title.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return Optional.of("a part of it is empty, \".\" or \"..\"");
      }
      if (bytes(name) > LONGEST_NAME) {
        return Optional.of("a part of it is longer than " + LONGEST_NAME + " bytes");
      }
    }
    return Optional.empty();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// {@return the directory that a path is in, empty for the topmost one}
  static String above(String path) {
    return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
  }
}
