// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import java.util.List;

/// A tar name as a path below the layer's root: no empty, `.` or `..` component, no leading slash.
/// The root is empty.
record EntryPath(String parent, String name) {
  private static final int LONGEST_COMPONENT = 255;

  static EntryPath of(String written) throws Corrupt {
    if (written.indexOf('\0') >= 0) {
      throw Corrupt.because("tar entry's name has a NUL");
    }
    var path = new StringBuilder();
    var last = "";
    for (var component : written.split("/", -1)) {
      if (component.isEmpty() || component.equals(".")) {
        continue;
      }
      if (component.equals("..")) {
        throw Corrupt.because("tar entry's name has a \"..\": " + written);
      }
      if (component.length() > LONGEST_COMPONENT) {
        throw Corrupt.because("a part of a tar entry's name is longer than 255 bytes");
      }
      path.append(path.isEmpty() ? "" : "/").append(component);
      last = component;
    }
    var parent = path.substring(0, Math.max(path.length() - last.length() - 1, 0));
    return new EntryPath(parent, last);
  }

  /// {@return the directory that this is in}
  EntryPath above() {
    var slash = parent.lastIndexOf('/');
    return new EntryPath(parent.substring(0, Math.max(slash, 0)), parent.substring(slash + 1));
  }

  EntryPath child(String entry) {
    return new EntryPath(toString(), entry);
  }

  /// {@return the names on the way, the root's none}
  List<String> components() {
    return isRoot() ? List.of() : List.of(toString().split("/"));
  }

  boolean isRoot() {
    return name.isEmpty();
  }

  @Override
  public String toString() {
    return parent.isEmpty() ? name : parent + "/" + name;
  }
}
