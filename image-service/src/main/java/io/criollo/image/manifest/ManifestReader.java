// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import io.criollo.image.json.Json;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads manifests and indexes. A document that could be taken for two kinds, or for another kind
/// than the registry announced it as, is refused (CVE-2021-41190).
public final class ManifestReader {
  /// The longest manifest or configuration accepted, in bytes.
  public static final int LONGEST = 4 << 20;

  /// The most lower layers that one overlay mount takes.
  static final int MOST_LAYERS = 500;

  private static final int MOST_ENTRIES = 1000;
  private static final long LARGEST = 1L << 50;
  private static final List<String> FIELDS =
      List.of("schemaVersion", "mediaType", "config", "layers", "manifests", "fsLayers");

  private ManifestReader() {}

  /// {@return the document}
  ///
  /// @param contentType the registry's `Content-Type`, empty when there is none
  public static ManifestDocument read(byte[] content, String contentType) throws ImageException {
    var json = Json.read("manifest", content);
    json.onlySpelled(FIELDS);
    var announced = MediaTypes.bare(contentType);
    var own = json.text("mediaType");
    refuseSchema1(json, announced);
    var index = isIndex(json, own, announced);
    return index ? index(json) : single(json);
  }

  private static void refuseSchema1(Json json, String announced) throws ImageException {
    if (json.has("fsLayers")
        || MediaTypes.isSchema1(announced)
        || json.number("schemaVersion") == 1) {
      throw new ImageException(
          Kind.UNSUPPORTED, "manifest is Docker schema 1, which is not supported: push it anew");
    }
    if (json.number("schemaVersion") != 2) {
      throw json.wrong("schemaVersion", "is not 2");
    }
  }

  private static boolean isIndex(Json json, String own, String announced) throws ImageException {
    var looksIndex = json.has("manifests");
    var looksManifest = json.has("layers") || json.has("config");
    if (looksIndex == looksManifest) {
      throw new ImageException(
          Kind.CORRUPT,
          looksIndex
              ? "manifest is ambiguous: it has both layers and manifests"
              : "manifest has neither layers nor manifests");
    }
    if (!own.isEmpty() && known(announced) && !own.equals(announced)) {
      throw new ImageException(
          Kind.CORRUPT, "manifest is ambiguous: served as " + announced + ", says " + own);
    }
    for (var type : List.of(own, announced)) {
      if (known(type) && MediaTypes.isIndex(type) != looksIndex) {
        throw new ImageException(
            Kind.CORRUPT, "manifest is ambiguous: its content does not fit its type " + type);
      }
    }
    if (!own.isEmpty() && !known(own)) {
      throw new ImageException(Kind.UNSUPPORTED, "manifest type is not supported: " + own);
    }
    return looksIndex;
  }

  private static boolean known(String type) {
    return MediaTypes.isManifest(type) || MediaTypes.isIndex(type);
  }

  /// A manifest with another configuration than a container image's is an artifact's; so is one
  /// that says it is, if it is none of a container image for its layers.
  private static ManifestDocument single(Json json) throws ImageException {
    var config = json.object("config").text("mediaType");
    if (config.isEmpty()) {
      throw new ImageException(Kind.UNSUPPORTED, "manifest does not tell its configuration's type");
    }
    boolean image = MediaTypes.CONFIGS.contains(config);
    boolean named = !json.text("artifactType").isEmpty();
    return image && !(named && hasForeignLayers(json)) ? manifest(json) : artifact(json);
  }

  private static boolean hasForeignLayers(Json json) throws ImageException {
    for (var layer : json.objects("layers", MOST_LAYERS)) {
      if (!MediaTypes.isLayer(layer.text("mediaType"))) {
        return true;
      }
    }
    return false;
  }

  private static ImageManifest manifest(Json json) throws ImageException {
    var config = descriptor(json.object("config"));
    if (config.size() > LONGEST) {
      throw new ImageException(
          Kind.TOO_LARGE, "image configuration is longer than " + LONGEST + " bytes");
    }
    var layers = new ArrayList<Descriptor>();
    for (var layer : json.objects("layers", MOST_LAYERS)) {
      var descriptor = descriptor(layer);
      if (!MediaTypes.isLayer(descriptor.mediaType())) {
        throw new ImageException(
            Kind.UNSUPPORTED, "layer type is not supported: \"" + descriptor.mediaType() + '"');
      }
      layers.add(descriptor);
    }
    return new ImageManifest(config, layers);
  }

  /// {@return any manifest that is not an index, whatever its layers are}
  public static Artifact artifact(byte[] content, String contentType) throws ImageException {
    var json = Json.read("manifest", content);
    json.onlySpelled(FIELDS);
    refuseSchema1(json, MediaTypes.bare(contentType));
    if (isIndex(json, json.text("mediaType"), MediaTypes.bare(contentType))) {
      throw new ImageException(Kind.UNSUPPORTED, "an index of artifacts is not supported");
    }
    return artifact(json);
  }

  private static Artifact artifact(Json json) throws ImageException {
    var config = descriptor(json.object("config"));
    var parts = new ArrayList<Artifact.Part>();
    for (var layer : json.objects("layers", MOST_LAYERS)) {
      parts.add(new Artifact.Part(descriptor(layer), layer.textMap("annotations")));
    }
    var type = json.text("artifactType");
    return new Artifact(type.isEmpty() ? config.mediaType() : type, config, parts);
  }

  private static ImageIndex index(Json json) throws ImageException {
    var entries = new ArrayList<ImageIndex.Entry>();
    for (var entry : json.objects("manifests", MOST_ENTRIES)) {
      var descriptor = descriptor(entry);
      if (known(descriptor.mediaType())) {
        entries.add(new ImageIndex.Entry(descriptor, platform(entry)));
      }
    }
    return new ImageIndex(entries);
  }

  private static Optional<Platform> platform(Json entry) throws ImageException {
    if (!entry.has("platform")) {
      return Optional.empty();
    }
    var p = entry.object("platform");
    return Optional.of(new Platform(p.text("os"), p.text("architecture"), p.text("variant")));
  }

  private static Descriptor descriptor(Json json) throws ImageException {
    var size = json.number("size");
    if (size < 0 || size > LARGEST) {
      throw json.wrong("size", "is out of range: " + size);
    }
    return new Descriptor(json.text("mediaType"), json.digest("digest"), size);
  }
}
