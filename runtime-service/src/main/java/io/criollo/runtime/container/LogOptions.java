// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.protocol.LogPolicy;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.runtime.state.Pod;
import java.util.Optional;

/// How containers' output is logged, by the configuration.
///
/// @param sizeMax 0 for no limit
public record LogOptions(long sizeMax, boolean dropping, boolean journald) {

  LogPolicy of(Pod pod, ContainerConfig config) {
    Optional<String> journal = journald ? Optional.of(name(pod, config)) : Optional.empty();
    return new LogPolicy(sizeMax, dropping, journal);
  }

  /// The name that CRI-O gives a container, by which its lines are found in the journal.
  private static String name(Pod pod, ContainerConfig config) {
    var data = pod.config().getMetadata();
    return String.join(
            "_",
            "k8s",
            config.getMetadata().getName(),
            data.getName(),
            data.getNamespace(),
            data.getUid(),
            Integer.toUnsignedString(config.getMetadata().getAttempt()))
        .replaceAll("\\p{Cntrl}", "");
  }
}
