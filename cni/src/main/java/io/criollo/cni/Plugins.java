// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The node's plugins: what they answer and which versions they speak. Thread-safe.
final class Plugins {
  private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(10);

  private final PluginDirs dirs;
  private final PluginInvoker invoker;
  private final Map<Binary, Set<String>> versions = new ConcurrentHashMap<>();
  private final ReadWriteLock turns = new ReentrantReadWriteLock();

  /// A plugin that is replaced is another one.
  private record Binary(Path path, FileTime modified, String key) {}

  Plugins(PluginDirs dirs, Map<String, String> environment) {
    this.dirs = dirs;
    this.invoker = new PluginInvoker(dirs, environment);
  }

  /// {@return what ADD and DEL share and GC has alone} It would take away what is being attached
  /// (specification, "Lifecycle & Ordering").
  ReadWriteLock turns() {
    return turns;
  }

  /// {@return which plugin of the chain is not installed}
  Optional<String> missing(NetworkList list) {
    for (var plugin : list.plugins()) {
      try {
        dirs.find(plugin.type());
      } catch (CniException e) {
        return Optional.ofNullable(e.getMessage());
      }
    }
    return Optional.empty();
  }

  /// Runs a plugin whose output does not matter.
  void run(PluginCall call) throws CniException, InterruptedException {
    invoker.run(call);
  }

  /// {@return the result that a plugin reported}
  PluginResult add(PluginCall call) throws CniException, InterruptedException {
    var json = answer(call);
    try {
      return new PluginResult(json, ResultParser.parse(json));
    } catch (IllegalArgumentException e) {
      throw unusable(call, e);
    }
  }

  private ObjectNode answer(PluginCall call) throws CniException, InterruptedException {
    var stdout = invoker.run(call);
    try {
      return Json.parseObject(stdout);
    } catch (IOException e) {
      throw unusable(call, e);
    }
  }

  private static CniException unusable(PluginCall call, Exception cause) {
    return call.failed(
        CniException.DECODING_FAILURE, "unusable result: " + cause.getMessage(), cause);
  }

  /// {@return the newest version that the network's file allows and all its plugins speak} Plugins
  /// are asked only when the file leaves a choice, and only once.
  CniVersion negotiate(NetworkList list) throws CniException, InterruptedException {
    return negotiate(list, Deadline.in(VERSION_TIMEOUT));
  }

  /// {@return the same, when all plugins have answered by then}
  CniVersion negotiate(NetworkList list, Deadline deadline)
      throws CniException, InterruptedException {
    if (list.versions().size() == 1) {
      return list.versions().getFirst();
    }
    for (var version : list.versions().reversed()) {
      if (allSpeak(list.plugins(), version, deadline)) {
        return version;
      }
    }
    throw new CniException(
        CniException.INCOMPATIBLE_VERSION,
        "network " + list.name() + ": no version of " + list.versions() + " fits all plugins");
  }

  private boolean allSpeak(List<PluginConfig> plugins, CniVersion version, Deadline deadline)
      throws CniException, InterruptedException {
    for (var plugin : plugins) {
      if (!supportedBy(plugin.type(), deadline).contains(version.toString())) {
        return false;
      }
    }
    return true;
  }

  private Set<String> supportedBy(String type, Deadline deadline)
      throws CniException, InterruptedException {
    var binary = binary(dirs.find(type));
    var known = Optional.ofNullable(versions.get(binary));
    if (known.isPresent()) {
      return known.get();
    }
    var stdin = Json.newObject().put("cniVersion", CniVersion.V1_1_0.toString());
    var answer = answer(new PluginCall("VERSION", type, Map.of(), stdin, deadline.left()));
    var supported = Set.copyOf(Json.texts(answer.path("supportedVersions")));
    versions.put(binary, supported);
    return supported;
  }

  private static Binary binary(Path path) throws CniException {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Binary(
          path, attributes.lastModifiedTime(), Objects.toString(attributes.fileKey()));
    } catch (IOException e) {
      throw CniException.internal("read " + path, e);
    }
  }
}
