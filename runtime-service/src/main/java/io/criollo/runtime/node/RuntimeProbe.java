// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.oci.OciRuntime;
import io.criollo.linux.KernelFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/// Finds out whether a container could be started now. The runtime's binary is asked for its
/// version once, and again when the file has changed; the kubelet asks every few seconds.
public final class RuntimeProbe {
  private final Path binary;
  private final OciRuntime runtime;
  private final MonitorClient monitor;
  private volatile FileTime asked = FileTime.fromMillis(0);

  public RuntimeProbe(Path binary, OciRuntime runtime, MonitorClient monitor) {
    this.binary = binary;
    this.runtime = runtime;
    this.monitor = monitor;
  }

  /// {@return why not; empty when it could}
  Optional<String> notReady() {
    if (!KernelFeatures.running().cgroupV2()) {
      return Optional.of("cgroup v2 is not mounted on /sys/fs/cgroup");
    }
    try {
      askVersion();
      monitor.list();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("OCI runtime " + binary + ": " + e.getMessage());
    } catch (MonitorException e) {
      return Optional.of("container monitor: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  private void askVersion() throws IOException, InterruptedException {
    var changed = Files.getLastModifiedTime(binary);
    if (!changed.equals(asked)) {
      runtime.version();
      asked = changed;
    }
  }
}
