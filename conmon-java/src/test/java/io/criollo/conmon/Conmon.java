// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Debian's conmon, one for each container, to compare with.
///
/// @param program where it is; it need not be there
record Conmon(Path program, TestNode node) {
  /// Creates and starts a container.
  ///
  /// @return the pid of its conmon
  long start(String id, String... argv) throws Exception {
    CreateRequest request = node.request(id, ContainerStdio.logged(node.log(id)), argv);
    Path bundle = request.bundle();
    run(
        "%s --cid %s --cuuid %s --name %s --runtime %s --runtime-arg --root=%s --bundle %s"
                .formatted(program, id, id, id, node.runtime.path(), node.runtime.root(), bundle)
            + " --container-pidfile %s/pid --conmon-pidfile %s/conmon --exit-dir %s"
                .formatted(bundle, bundle, node.folder)
            + " --log-path k8s-file:%s --socket-dir-path %s".formatted(node.log(id), node.folder));
    while (!Files.exists(bundle.resolve("pid"))) {
      Thread.sleep(5);
    }
    run(node.runtime.path() + " --root " + node.runtime.root() + " start " + id);
    return Long.parseLong(Files.readString(bundle.resolve("conmon")).strip());
  }

  private static void run(String command) throws Exception {
    List<String> words = Stream.of(command.split(" ", -1)).toList();
    int status = new ProcessBuilder(words).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(command + " ended with " + status);
    }
  }
}
