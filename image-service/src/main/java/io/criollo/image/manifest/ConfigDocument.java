// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import io.criollo.image.json.Json;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.util.List;
import java.util.Optional;

/// An image's configuration file: what it says about running it, and the digests of its unpacked
/// layers, lowest first.
public record ConfigDocument(ImageConfig config, List<Digest> diffIds) implements ImageContent {
  private static final int MOST = 10_000;

  public ConfigDocument {
    diffIds = List.copyOf(diffIds);
  }

  /// {@return the parsed configuration}
  public static ConfigDocument read(byte[] content) throws ImageException {
    var json = Json.read("image configuration", content);
    json.onlySpelled(List.of("architecture", "os", "config", "rootfs"));
    if (!json.has("rootfs")) {
      throw new ImageException(Kind.CORRUPT, "image configuration has no root file system");
    }
    var diffIds = json.object("rootfs").digests("diff_ids", ManifestReader.MOST_LAYERS);
    return new ConfigDocument(config(json), diffIds);
  }

  private static ImageConfig config(Json json) throws ImageException {
    var run = json.object("config");
    return new ImageConfig(
        run.text("User"),
        run.texts("Env", MOST),
        run.texts("Entrypoint", MOST),
        run.texts("Cmd", MOST),
        run.text("WorkingDir"),
        run.keys("Volumes"),
        run.textMap("Labels"),
        Optional.of(run.text("StopSignal")).filter(signal -> !signal.isEmpty()),
        json.text("os"),
        json.text("architecture"));
  }
}
