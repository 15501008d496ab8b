// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An image for one platform: its layers, and the `config` object of its configuration.
record TestImage(List<Layer> layers, Map<String, Object> settings, String architecture) {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  TestImage {
    layers = List.copyOf(layers);
    settings = Map.copyOf(settings);
  }

  TestImage(List<Layer> layers, Map<String, Object> settings) {
    this(layers, settings, hostArchitecture());
  }

  /// {@return this image with one more layer on top}
  TestImage with(Layer layer) {
    var more = new ArrayList<>(layers);
    more.add(layer);
    return new TestImage(more, settings, architecture);
  }

  /// {@return this image with one setting changed, such as `Cmd` or `User`}
  TestImage with(String key, Object value) {
    var changed = new TreeMap<>(settings);
    changed.put(key, value);
    return new TestImage(layers, changed, architecture);
  }

  Blob config() {
    return json(
        CONFIG,
        Map.of(
            "architecture",
            architecture,
            "os",
            "linux",
            "created",
            "2026-11-21T00:00:00Z",
            "config",
            new TreeMap<>(settings),
            "rootfs",
            Map.of("type", "layers", "diff_ids", layers.stream().map(Layer::diffId).toList())));
  }

  Blob manifest() {
    return json(
        MANIFEST,
        Map.of(
            "schemaVersion",
            2,
            "mediaType",
            MANIFEST,
            "config",
            config().descriptor(),
            "layers",
            layers.stream().map(layer -> layer.blob().descriptor()).toList()));
  }

  static Blob index(List<TestImage> images) {
    List<Map<String, Object>> manifests = new ArrayList<>();
    for (TestImage image : images) {
      var descriptor = new TreeMap<>(image.manifest().descriptor());
      descriptor.put("platform", Map.of("os", "linux", "architecture", image.architecture));
      manifests.add(descriptor);
    }
    return json(INDEX, Map.of("schemaVersion", 2, "mediaType", INDEX, "manifests", manifests));
  }

  static String hostArchitecture() {
    String name = System.getProperty("os.arch");
    return "aarch64".equals(name) ? "arm64" : name;
  }

  static Blob json(String mediaType, Map<String, Object> content) {
    try {
      return new Blob(mediaType, JSON.writeValueAsBytes(content));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
