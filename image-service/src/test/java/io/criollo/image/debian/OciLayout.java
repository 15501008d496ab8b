// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.debian;

import io.criollo.image.TestImage;
import io.criollo.image.reference.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A folder with one image (OCI image-spec, "Image Layout").
final class OciLayout {
  private OciLayout() {}

  static void write(Path folder, String tag, TestImage image) throws IOException {
    Files.createDirectories(folder.resolve("blobs/sha256"));
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        folder.resolve("index.json"),
        """
        {"schemaVersion":2,"manifests":[{"mediaType":"%s","digest":"%s","size":%d,
        "annotations":{"org.opencontainers.image.ref.name":"%s"}}]}\
        """
            .formatted(TestImage.MANIFEST, image.digest(), image.manifest().length, tag));
    blob(folder, image.manifest());
    for (var content : image.blobs().values()) {
      blob(folder, content);
    }
  }

  private static void blob(Path folder, byte[] content) throws IOException {
    Files.write(folder.resolve("blobs/sha256").resolve(Digest.ofSha256(content).hex()), content);
  }
}
