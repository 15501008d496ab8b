// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `With RUNTIME [--busybox=PATH] COMMAND...`: runs a command beside a daemon, with the variables
/// by which `crictl` finds it, and those by which another runtime can use the same registry and
/// networks. A full busybox adds the images of critest to the registry.
public final class With {
  private static final String BUSYBOX = "--busybox=";

  private With() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> words = List.of(args).subList(1, args.length);
    Optional<Path> busybox = Optional.empty();
    if (words.getFirst().startsWith(BUSYBOX)) {
      busybox = Optional.of(Path.of(words.getFirst().substring(BUSYBOX.length())));
      words = words.subList(1, words.size());
    }
    int status;
    try (TestNode node = TestNode.prepare(busybox);
        DaemonProcess daemon = node.startDaemon(args[0])) {
      System.err.println("criollo answers as pid " + daemon.pid() + ", log " + node.daemonLog());
      status = run(words, node);
    }
    System.exit(status);
  }

  private static int run(List<String> command, TestNode node)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).inheritIO();
    String endpoint = "unix://" + node.socket();
    builder.environment().put("CONTAINER_RUNTIME_ENDPOINT", endpoint);
    builder.environment().put("IMAGE_SERVICE_ENDPOINT", endpoint);
    builder.environment().put("CRIOLLO_LOG", node.daemonLog().toString());
    builder.environment().put("CRIOLLO_REGISTRY", node.registry());
    builder.environment().put("CRIOLLO_CNI_CONFIG_DIR", node.networks().toString());
    return builder.start().waitFor();
  }
}
