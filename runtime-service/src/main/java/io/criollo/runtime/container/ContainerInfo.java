// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.protocol.LogLoss;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerState.Created;
import io.criollo.runtime.state.ContainerState.Exited;
import io.criollo.runtime.state.ContainerState.Lost;
import io.criollo.runtime.state.ContainerState.Running;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.MessageJson;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/// The free-form part of a verbose status: JSON texts by name, for {@code crictl inspect}.
public final class ContainerInfo {
  private final ObjectMapper mapper = new ObjectMapper();
  private final Layout layout;
  private final MonitorClient monitor;
  private final Runtimes runtimes;

  public ContainerInfo(Layout layout, MonitorClient monitor, Runtimes runtimes) {
    this.layout = layout;
    this.monitor = monitor;
    this.runtimes = runtimes;
  }

  /// {@return one entry, {@code info}, as CRI-O has it: sandbox, pid, OCI configuration}
  Map<String, String> of(Container container) throws InterruptedException {
    var info = mapper.createObjectNode();
    info.put("sandboxID", container.pod().hex());
    info.put("pid", pid(container));
    info.put("runtimeHandler", container.record().place().handler());
    info.put("cgroupPath", container.record().place().cgroup());
    info.put("privileged", container.config().getLinux().getSecurityContext().getPrivileged());
    info.set("logLoss", loss(container));
    info.set("config", MessageJson.of(container.config()));
    var config = layout.bundle(container.id()).resolve("config.json");
    try {
      info.set("runtimeSpec", mapper.readTree(Files.readAllBytes(config)));
    } catch (IOException _) {
      info.putNull("runtimeSpec"); // the bundle is gone after a reboot
    }
    return Map.of("info", info.toString());
  }

  /// What is missing in the log, in bytes, and in the journal, in lines.
  private JsonNode loss(Container container) {
    try {
      var known = monitor.find(container.hex());
      return known.isPresent() ? loss(known.get().loss()) : mapper.nullNode();
    } catch (MonitorException _) { // there is none: the rest is told all the same
      return mapper.nullNode();
    }
  }

  private JsonNode loss(LogLoss loss) {
    return mapper
        .createObjectNode()
        .put("refusedBytes", loss.refused())
        .put("droppedBytes", loss.dropped())
        .put("unsentToJournal", loss.unsent());
  }

  /// One in a sandbox is no process of the node.
  private long pid(Container container) throws InterruptedException {
    if (runtimes.sandboxes(container.record().place().handler())) {
      return 0;
    }
    return switch (container.state()) {
      case Running(var process, _) -> process.pid();
      case Created _, Exited _, Lost _ -> 0;
    };
  }
}
