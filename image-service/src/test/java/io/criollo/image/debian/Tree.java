// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.debian;

import io.criollo.image.reference.Digest;
import io.criollo.linux.DirFd;
import io.criollo.linux.Xattrs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// All that can be seen of a tree, one text for each path: type, mode, owner, time (but of
/// directories), links, devices, extended attributes and content.
final class Tree {
  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int LINK = 0120000;

  private final SortedMap<String, String> seen = new TreeMap<>();
  private final Map<Object, String> first = new HashMap<>();

  private Tree() {}

  static SortedMap<String, String> of(Path root) throws IOException {
    var tree = new Tree();
    try (var paths = Files.walk(root)) {
      for (var path : paths.sorted().toList()) {
        var name = root.relativize(path).toString();
        tree.seen.put(name, tree.text(name, path));
      }
    }
    return tree.seen;
  }

  private String text(String name, Path path) throws IOException {
    var stat = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
    var mode = (int) Objects.requireNonNull(stat.get("mode"));
    var text = new StringBuilder();
    text.append("%o %s:%s".formatted(mode, stat.get("uid"), stat.get("gid")));
    if ((mode & TYPE) != DIRECTORY) { // umoci gives those that it puts files in the time it does so
      text.append(" ").append(stat.get("lastModifiedTime"));
    }
    switch (mode & TYPE) {
      case REGULAR -> {
        text.append(" ").append(Digest.ofSha256(Files.readAllBytes(path)));
        // names of one file are told from equal files by the first of them
        text.append(" is ").append(first.computeIfAbsent(stat.get("fileKey"), _ -> name));
      }
      case LINK -> text.append(" → ").append(Files.readSymbolicLink(path));
      case DIRECTORY -> {}
      default -> text.append(" device ").append(stat.get("rdev"));
    }
    if (!name.isEmpty()) {
      attributes(path, text);
    }
    return text.toString();
  }

  private static void attributes(Path path, StringBuilder text) throws IOException {
    try (var folder = DirFd.open(path.resolveSibling("."))) {
      var file = path.getFileName().toString();
      for (var attribute : new TreeSet<>(Xattrs.list(folder, file))) {
        var value = Xattrs.get(folder, file, attribute).orElseThrow();
        text.append(" %s=%s".formatted(attribute, HexFormat.of().formatHex(value)));
      }
    }
  }
}
