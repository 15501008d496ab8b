// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// For which processors programs run on this node.
///
/// @param own the node's, by its OCI name
/// @param interpreters the folder in which the kernel lists those of other programs
record Processors(String own, Path interpreters) {
  /// What a processor runs beside its own programs.
  private static final Map<String, String> OLDER = Map.of("amd64", "386", "arm64", "arm");

  /// The beginning of every program, in an entry of binfmt_misc for programs of another processor.
  private static final String MAGIC = "magic 7f454c46";

  /// {@return whether programs for a processor may run here} An interpreter for programs of any
  /// other one may be for them.
  boolean run(String architecture) {
    var name = canonical(architecture);
    return name.isEmpty() || name.equals(own) || name.equals(OLDER.get(own)) || interpretOthers();
  }

  /// Some builders write the kernel's names.
  private static String canonical(String architecture) {
    return switch (architecture) {
      case "x86_64", "x86-64" -> "amd64";
      case "aarch64" -> "arm64";
      case "i386", "i686" -> "386";
      case "armhf", "armel", "armv7l" -> "arm";
      default -> architecture;
    };
  }

  private boolean interpretOthers() {
    try (var entries = Files.newDirectoryStream(interpreters)) {
      for (var entry : entries) {
        if (isForPrograms(entry)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      return false; // the kernel has none
    }
    return false;
  }

  private static boolean isForPrograms(Path entry) {
    try {
      var text = Files.readString(entry);
      return text.startsWith("enabled\n") && text.contains(MAGIC);
    } catch (IOException _) { // that which only takes orders
      return false;
    }
  }
}
