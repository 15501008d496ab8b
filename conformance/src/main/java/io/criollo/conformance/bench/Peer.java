// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import io.criollo.conformance.CriClient;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// A runtime that is measured, known by its socket and by what its processes are called. Closed by
/// who parsed it.
record Peer(String name, CriClient client, Processes processes) implements AutoCloseable {
  /// @param text `NAME=unix:///SOCKET=PATTERN`
  static Peer parse(String text) {
    var parts = text.split("=", 3);
    if (parts.length < 3 || !parts[1].startsWith("unix://")) {
      throw new IllegalArgumentException(
          text + ": must be NAME=unix:///SOCKET=PATTERN, the pattern finds its processes");
    }
    var socket = Path.of(parts[1].substring("unix://".length()));
    return new Peer(parts[0], CriClient.connect(socket), new Processes(Pattern.compile(parts[2])));
  }

  @Override
  public void close() {
    client.close();
  }
}
