// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rehearsal;

import io.criollo.runtime.rpc.CriClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// `Main SOCKET REGISTRIES_CONF LOGS`: lets the daemon at a socket live through pods, with images
/// from a registry of its own, to which it points the daemon's registries.conf.
public final class Main {
  /// On a slow machine the first call takes seconds.
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final Duration ENOUGH = Duration.ofSeconds(10);

  private Main() {}

  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      throw new IllegalArgumentException("usage: Main SOCKET REGISTRIES_CONF LOGS");
    }
    try (var registry = Registry.open(RehearsalImage.make());
        var client = new CriClient(Path.of(args[0]), TIMEOUT)) {
      Files.writeString(Path.of(args[1]), registry.conf());
      var rehearsal = new Rehearsal(client, new Wishes(registry.image(), Path.of(args[2])));
      int pods = rehearsal.run(ENOUGH);
      rehearsal
          .failures()
          .forEach((call, reason) ->
              System.err.println("criollo-aot: not rehearsed: " + call + ": " + reason));
      System.err.println("criollo-aot: rehearsed the lives of " + pods + " pods");
    }
  }
}
