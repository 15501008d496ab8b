// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// An image for tests: configuration, manifest and blobs of some layers.
@SuppressWarnings("ArrayRecordComponent")
public record TestImage(byte[] config, byte[] manifest, Map<Digest, byte[]> blobs) {
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";

  public static TestImage of(String label, TestLayer.Blob... layers) {
    return of(label, List.of(layers));
  }

  public static TestImage of(String label, List<TestLayer.Blob> layers) {
    var diffIds =
        layers.stream().map(l -> "\"" + l.diffId() + "\"").collect(Collectors.joining(","));
    var config =
        utf8(
            """
            {"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/true"],"Labels":{"test":"%s"}},
            "rootfs":{"type":"layers","diff_ids":[%s]}}\
            """
                .formatted(label, diffIds));
    var blobs = new LinkedHashMap<Digest, byte[]>();
    blobs.put(Digest.ofSha256(config), config);
    var descriptors = new ArrayList<String>();
    for (var layer : layers) {
      blobs.put(layer.digest(), layer.content());
      descriptors.add(descriptor(layer.mediaType(), layer.digest(), layer.content().length, ""));
    }
    var configType = "application/vnd.oci.image.config.v1+json";
    var manifest =
        utf8(
            """
            {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}\
            """
                .formatted(
                    MANIFEST,
                    descriptor(configType, Digest.ofSha256(config), config.length, ""),
                    String.join(",", descriptors)));
    return new TestImage(config, manifest, blobs);
  }

  public Digest id() {
    return Digest.ofSha256(config);
  }

  public Digest digest() {
    return Digest.ofSha256(manifest);
  }

  /// {@return an index with this image for a platform, and another that nobody can fetch}
  public byte[] index(String architecture) {
    var platform = ",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}";
    return utf8(
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[%s,%s]}\
        """
            .formatted(
                INDEX,
                descriptor(
                    MANIFEST, Digest.ofSha256(new byte[] {1}), 1, platform.formatted("s390x")),
                descriptor(MANIFEST, digest(), manifest.length, platform.formatted(architecture))));
  }

  private static String descriptor(String type, Digest digest, int size, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(type, digest, size, more);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
