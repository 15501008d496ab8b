// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Configuration, plugin and cache folders of a node whose plugins are shell scripts. Each script
/// notes its call before it does what the test says.
final class FakeNode {
  static final String RESULT =
      """
      {"cniVersion":"1.0.0","interfaces":[{"name":"eth0","mac":"0a:00:00:00:00:01","sandbox":"/ns"}],
       "ips":[{"address":"fd00::2/64","gateway":"fd00::1","interface":0},
              {"address":"10.1.0.2/16","gateway":"10.1.0.1","interface":0}],
       "routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1"}],"dns":{"nameservers":["10.1.0.1"]},"extra":7}
      """;

  final Path root;
  final Path conf;
  final Path bin;
  final Path cache;

  FakeNode(Path root) {
    this.root = root;
    conf = folder("net.d");
    bin = folder("bin");
    cache = root.resolve("results");
  }

  CniNetworks networks() {
    return networks(Optional.empty(), Duration.ofSeconds(20));
  }

  /// Networks whose plugins have so long to answer STATUS, and much longer for all else.
  CniNetworks networks(Duration statusLimit) {
    var settings =
        new CniSettings(conf, List.of(bin), cache, Optional.empty(), Duration.ofSeconds(50));
    return new CniNetworks(settings, statusLimit);
  }

  CniNetworks networks(Optional<String> defaultNetwork, Duration timeout) {
    return new CniNetworks(new CniSettings(conf, List.of(bin), cache, defaultNetwork, timeout));
  }

  /// A plugin that runs `body` of a shell script after it noted the call.
  void plugin(String type, String body) {
    var script =
        """
        #!/bin/sh
        cat > '%1$s/%2$s.'"$CNI_COMMAND"'.stdin'
        env > '%1$s/%2$s.'"$CNI_COMMAND"'.env'
        echo "$CNI_COMMAND %2$s" >> '%1$s/calls'
        %3$s
        """
            .formatted(root, type, body);
    var file = bin.resolve(type);
    write(file, script);
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A plugin that succeeds with [#RESULT].
  void plugin(String type) {
    plugin(type, "test $CNI_COMMAND != ADD || echo '%s'".formatted(RESULT));
  }

  void conf(String file, String text) {
    write(conf.resolve(file), text);
  }

  /// A network of plugins without further fields.
  void conflist(String file, String network, String... types) {
    conf(
        file,
        """
        {"cniVersion":"1.0.0","name":"%s","plugins":[{"type":"%s"}]}
        """
            .formatted(network, String.join("\"},{\"type\":\"", types)));
  }

  List<String> calls() {
    try {
      return Files.readAllLines(root.resolve("calls"));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ObjectNode stdin(String type, String command) throws IOException {
    return Json.parseObject(Files.readAllBytes(root.resolve(type + "." + command + ".stdin")));
  }

  List<String> env(String type, String command) throws IOException {
    return Files.readAllLines(root.resolve(type + "." + command + ".env"));
  }

  PodAttachment pod(String id, PortMapping... portMappings) {
    return new PodAttachment(
        id,
        "default",
        "web",
        "6d1f",
        Path.of("/proc/self/ns/net"),
        "eth0",
        new PodArguments(List.of(portMappings), Map.of(), Dns.NONE, List.of()));
  }

  List<Path> cacheFiles() throws IOException {
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (var files = Files.list(cache)) {
      return files.toList();
    }
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(root.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.write(file, text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
