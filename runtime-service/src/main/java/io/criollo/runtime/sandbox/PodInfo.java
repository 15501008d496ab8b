// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.MessageJson;
import io.criollo.runtime.state.Pod;
import java.util.Map;

/// The free-form part of a verbose status: JSON texts by name, for {@code crictl inspectp}.
public final class PodInfo {
  private final ObjectMapper mapper = new ObjectMapper();
  private final Layout layout;

  public PodInfo(Layout layout) {
    this.layout = layout;
  }

  Map<String, String> of(Pod pod) {
    var record = pod.record();
    var info = mapper.createObjectNode();
    info.put("hostname", record.place().hostname());
    info.put("cgroupParent", record.place().cgroup());
    info.put("namespaces", layout.namespaces(pod.id()).toString());
    info.put("files", layout.podFiles(pod.id()).toString());
    var addresses = info.putArray("addresses");
    record.place().addresses().forEach(addresses::add);
    info.put("runtimeHandler", record.handler());
    info.set("config", MessageJson.of(record.config()));
    return Map.of("info", info.toString());
  }
}
