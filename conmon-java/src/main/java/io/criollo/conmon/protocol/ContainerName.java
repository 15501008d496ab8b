// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// Container ids become file names and runtime arguments: only harmless ones pass.
final class ContainerName {
  private static final int LONGEST = 128;

  private ContainerName() {}

  static String require(String id) {
    if (id.isEmpty() || id.length() > LONGEST || !alphanumeric(id.charAt(0))) {
      throw new IllegalArgumentException("not a container id: " + id);
    }
    for (int i = 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!alphanumeric(c) && c != '-' && c != '_' && c != '.') {
        throw new IllegalArgumentException("not a container id: " + id);
      }
    }
    return id;
  }

  private static boolean alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
