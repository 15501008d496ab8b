// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an image says about running it. All of it is the image author's data: nothing here is
/// trusted or already resolved.
public record ImageConfig(
    String user,
    List<String> env,
    List<String> entrypoint,
    List<String> cmd,
    String workingDir,
    List<String> volumes,
    Map<String, String> labels,
    Optional<String> stopSignal,
    String os,
    String architecture) {
  /// What says nothing.
  public static final ImageConfig NONE =
      new ImageConfig(
          "", List.of(), List.of(), List.of(), "", List.of(), Map.of(), Optional.empty(), "", "");

  public ImageConfig {
    env = List.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    cmd = List.copyOf(cmd);
    volumes = List.copyOf(volumes);
    labels = Map.copyOf(labels);
  }
}
