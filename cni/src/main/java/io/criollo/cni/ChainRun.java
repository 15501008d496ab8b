// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Runs one command of all plugins of a network whose output does not matter: CHECK, STATUS, GC.
record ChainRun(NetworkList list, CniVersion version, Plugins plugins, Duration timeout) {
  private static final String VALID = "cni.dev/valid-attachments";

  /// Asks each plugin in turn; the first that complains ends it.
  void status() throws CniException, InterruptedException {
    var deadline = Deadline.in(timeout);
    for (var plugin : list.plugins()) {
      var stdin = plugin.execution(list.name(), version, Json.newObject(), Optional.empty());
      plugins.run(new PluginCall("STATUS", plugin.type(), Map.of(), stdin, deadline.left()));
    }
  }

  void check(Map<String, String> parameters, ObjectNode arguments, ObjectNode result)
      throws CniException, InterruptedException {
    var deadline = Deadline.in(timeout);
    for (var plugin : list.plugins()) {
      var stdin = plugin.execution(list.name(), version, arguments, Optional.of(result));
      plugins.run(new PluginCall("CHECK", plugin.type(), parameters, stdin, deadline.left()));
    }
  }

  /// Tells every plugin what to keep; the first failure is thrown at the end.
  void gc(Iterable<PodAttachment> valid) throws CniException, InterruptedException {
    var deadline = Deadline.in(timeout);
    int waiting = list.plugins().size();
    Optional<CniException> failure = Optional.empty();
    for (var plugin : list.plugins()) {
      var time = deadline.share(waiting--);
      var stdin = plugin.execution(list.name(), version, Json.newObject(), Optional.empty());
      var kept = stdin.putArray(VALID);
      valid.forEach(
          pod -> kept.addObject().put("containerID", pod.podId()).put("ifname", pod.ifName()));
      try {
        plugins.run(new PluginCall("GC", plugin.type(), Map.of(), stdin, time));
      } catch (CniException e) {
        failure.ifPresent(first -> first.addSuppressed(e));
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
