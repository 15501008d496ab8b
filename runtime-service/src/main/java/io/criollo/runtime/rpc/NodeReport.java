// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.cri.v1.Container;
import io.criollo.cri.v1.Image;
import io.criollo.cri.v1.PodSandbox;
import io.criollo.cri.v1.RuntimeCondition;
import io.criollo.cri.v1.VersionResponse;
import java.util.List;

/// What a daemon said of its node.
///
/// @param pulls the pulls under way in JSON, empty when the daemon says nothing of them
public record NodeReport(
    VersionResponse version,
    List<RuntimeCondition> conditions,
    List<PodSandbox> pods,
    List<Container> containers,
    List<Image> images,
    String pulls) {
  public NodeReport {
    conditions = List.copyOf(conditions);
    pods = List.copyOf(pods);
    containers = List.copyOf(containers);
    images = List.copyOf(images);
  }

  /// {@return whether pods can run}
  public boolean ready() {
    return conditions.stream().allMatch(RuntimeCondition::getStatus);
  }
}
