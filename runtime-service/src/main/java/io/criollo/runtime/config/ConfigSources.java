// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Where the configuration is read from.
///
/// @param file the main file
/// @param required whether it must exist: true when somebody named it
/// @param dropIns folder of `*.conf` that are read after it, in lexical order; need not exist
public record ConfigSources(Path file, boolean required, Path dropIns) {
  private static final Path MAIN = Path.of("/etc/criollo/criollo.conf");

  /// {@return the system's own}
  public static ConfigSources system() {
    return new ConfigSources(MAIN, false, withD(MAIN));
  }

  /// {@return this file, and the folder of its name with `.d`}
  public static ConfigSources of(Path file) {
    return new ConfigSources(file, true, withD(file));
  }

  public ConfigSources withDropIns(Path folder) {
    return new ConfigSources(file, required, folder);
  }

  /// {@return existing files in the order in which a later one overrides an earlier}
  List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    if (required || Files.exists(file)) {
      files.add(file);
    }
    files.addAll(dropInFiles());
    return files;
  }

  private List<Path> entries(DirectoryStream.Filter<Path> wanted) throws IOException {
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(dropIns, wanted)) {
      entries.forEach(found::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    found.sort(Comparator.comparing(entry -> String.valueOf(entry.getFileName())));
    return found;
  }

  /// {@return what else is in the folder}
  List<Path> passedOver() throws IOException {
    return entries(entry -> !isDropIn(entry));
  }

  private List<Path> dropInFiles() throws IOException {
    return entries(ConfigSources::isDropIn);
  }

  private static boolean isDropIn(Path entry) {
    return entry.toString().endsWith(".conf");
  }

  private static Path withD(Path file) {
    return file.resolveSibling(file.getFileName() + ".d");
  }
}
