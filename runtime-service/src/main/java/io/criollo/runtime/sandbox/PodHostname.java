// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.runtime.state.PodId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The name that a pod's processes see.
final class PodHostname {
  private static final Path OF_NODE = Path.of("/proc/sys/kernel/hostname");
  private static final int OF_ID = 12;

  private PodHostname() {}

  /// {@return the name asked for; else the node's with the node's network, or the beginning of the
  /// pod's id}
  static String of(PodId id, PodSandboxConfig config) throws IOException {
    if (!config.getHostname().isEmpty()) {
      return config.getHostname();
    }
    var network = config.getLinux().getSecurityContext().getNamespaceOptions().getNetwork();
    return network == NamespaceMode.NODE
        ? Files.readString(OF_NODE).strip()
        : id.hex().substring(0, OF_ID);
  }
}
