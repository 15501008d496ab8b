// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Makes artifacts for tests.
final class TestArtifact {
  private static final byte[] CONFIG = TestImage.utf8("{}");

  private TestArtifact() {}

  /// {@return an artifact of files}
  static TestImage of(Map<String, byte[]> files) {
    var blobs = new LinkedHashMap<Digest, byte[]>();
    files.values().forEach(content -> blobs.put(Digest.ofSha256(content), content));
    var layers =
        files.entrySet().stream()
            .map(file ->
                """
                {"mediaType":"text/plain","digest":"%s","size":%d,
                "annotations":{"org.opencontainers.image.title":"%s"}}\
                """
                    .formatted(
                        Digest.ofSha256(file.getValue()), file.getValue().length, file.getKey()))
            .collect(Collectors.joining(","));
    var manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","artifactType":"application/x.test",
        "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},
        "layers":[%s]}\
        """
            .formatted(TestImage.MANIFEST, Digest.ofSha256(CONFIG), layers);
    return new TestImage(CONFIG, TestImage.utf8(manifest), blobs);
  }
}
