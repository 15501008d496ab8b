// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// A program of the node with the libraries that it is linked with, to be put into a layer.
record Program(Path path) {
  private static final Pattern LIBRARY = Pattern.compile("(?:=> |^\\s*)(/\\S+) \\(0x");

  boolean present() {
    return Files.isExecutable(path);
  }

  /// Adds the program's libraries at their own places, and their folders; not the program itself.
  void addLibraries(Archive archive, Set<String> known) throws IOException, InterruptedException {
    for (String library : libraries()) {
      addFolders(archive, known, library);
      if (known.add(library)) {
        archive.file(library, 0755, Path.of("/" + library));
      }
    }
  }

  private Set<String> libraries() throws IOException, InterruptedException {
    Process ldd = new ProcessBuilder("ldd", path.toString()).redirectErrorStream(true).start();
    Set<String> names = new LinkedHashSet<>();
    try (var lines = ldd.inputReader()) {
      lines
          .lines()
          .map(LIBRARY::matcher)
          .forEach(matcher -> {
            if (matcher.find()) {
              names.add(matcher.group(1).substring(1));
            }
          });
    }
    if (ldd.waitFor() != 0) {
      throw new IOException("ldd " + path + ": exit status " + ldd.exitValue());
    }
    return names;
  }

  private static void addFolders(Archive archive, Set<String> known, String name)
      throws IOException {
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      String folder = name.substring(0, slash);
      if (known.add(folder)) {
        archive.folder(folder, 0755);
      }
    }
  }
}
