// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// An image of one layer that has accounts and nothing else: programs are the node's own.
///
/// @param blobs configuration and layer, by their digests
record SmallImage(String manifest, Map<String, byte[]> blobs) {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  static SmallImage make() throws IOException {
    byte[] tar =
        new LayerTar()
            .folder("etc/")
            .file("etc/passwd", "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n")
            .file("etc/group", "root:x:0:\nnogroup:x:65534:\n")
            .bytes();
    byte[] layer = gzip(tar);
    byte[] config =
        """
        {"architecture":"%s","os":"linux","config":{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]},
         "rootfs":{"type":"layers","diff_ids":["%s"]}}\
        """
            .formatted(architecture(), digest(tar))
            .getBytes(UTF_8);
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}]}\
        """
            .formatted(MANIFEST, digest(config), config.length, digest(layer), layer.length);
    return new SmallImage(manifest, Map.of(digest(config), config, digest(layer), layer));
  }

  static String digest(byte[] content) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  private static byte[] gzip(byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static String architecture() {
    var name = System.getProperty("os.arch", "");
    return name.equals("aarch64") ? "arm64" : name;
  }
}
