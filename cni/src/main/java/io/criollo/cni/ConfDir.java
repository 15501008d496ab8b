// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import io.criollo.linux.CappedFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// The folder that network add-ons write their configuration to. A broken file is reported and
/// hides no other.
record ConfDir(Path path) {
  private static final int MAX_FILE_BYTES = 1 << 20;

  /// What tells that the folder changed, without opening a file.
  record Stamp(Path file, FileTime modified, long size, boolean regular, String key) {}

  /// @param networks valid ones, in the order of their files
  /// @param problems one line per file that is not
  record Content(List<NetworkList> networks, List<String> problems) {
    Content {
      networks = List.copyOf(networks);
      problems = List.copyOf(problems);
    }
  }

  /// {@return the configuration files in lexical order; none when there is no folder}
  List<Stamp> stamps() throws IOException {
    var stamps = new ArrayList<Stamp>();
    try (var files = Files.newDirectoryStream(path, "*.{conflist,conf,json}")) {
      for (var file : files) {
        stamps.add(stamp(file));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    stamps.sort(Comparator.comparing(stamp -> String.valueOf(stamp.file().getFileName())));
    return List.copyOf(stamps);
  }

  /// {@return all networks of the files}
  Content load(List<Stamp> stamps) {
    var networks = new ArrayList<NetworkList>();
    var problems = new ArrayList<String>();
    for (var stamp : stamps) {
      try {
        networks.add(read(stamp));
      } catch (IOException | CniException e) {
        problems.add(stamp.file().getFileName() + ": " + e.getMessage());
      }
    }
    return new Content(networks, problems);
  }

  private static Stamp stamp(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(
          file,
          attributes.lastModifiedTime(),
          attributes.size(),
          attributes.isRegularFile(),
          Objects.toString(attributes.fileKey()));
    } catch (IOException e) {
      return new Stamp(file, FileTime.fromMillis(0), 0, false, "");
    }
  }

  private static NetworkList read(Stamp stamp) throws IOException, CniException {
    if (!stamp.regular()) {
      throw new IOException("not a readable regular file");
    }
    var json = Json.parseObject(CappedFile.read(stamp.file(), MAX_FILE_BYTES));
    return stamp.file().toString().endsWith(".conflist")
        ? NetworkList.parse(json)
        : NetworkList.parseSingle(json);
  }
}
