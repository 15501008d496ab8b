// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.zip.GZIPOutputStream;

/// An image of some layers with what real ones have; programs are the node's own.
///
/// @param blobs configuration and layers, by their digests
record RehearsalImage(String manifest, Map<String, byte[]> blobs) {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  private static final int TREES = 3;
  private static final int FOLDERS = 40;
  private static final int FILES = 25;
  private static final int LARGEST = 24 << 10;
  private static final long SEED = 42;

  static RehearsalImage make() throws IOException {
    var tars = new ArrayList<byte[]>();
    tars.add(accounts());
    for (int tree = 0; tree < TREES; tree++) {
      tars.add(tree(tree));
    }
    var blobs = new HashMap<String, byte[]>();
    var diffIds = new StringJoiner(",");
    var layers = new StringJoiner(",");
    for (var tar : tars) {
      var layer = gzip(tar);
      blobs.put(digest(layer), layer);
      diffIds.add("\"" + digest(tar) + "\"");
      layers.add(descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer));
    }
    byte[] config =
        """
        {"architecture":"%s","os":"linux","config":{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]},
         "rootfs":{"type":"layers","diff_ids":[%s]}}\
        """
            .formatted(architecture(), diffIds)
            .getBytes(UTF_8);
    blobs.put(digest(config), config);
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}\
        """
            .formatted(
                MANIFEST, descriptor("application/vnd.oci.image.config.v1+json", config), layers);
    return new RehearsalImage(manifest, Map.copyOf(blobs));
  }

  private static byte[] accounts() {
    return new LayerTar()
        .folder("etc/")
        .file("etc/passwd", "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n")
        .file("etc/group", "root:x:0:\nnogroup:x:65534:\n")
        .bytes();
  }

  /// A package's files: so many that Java sees what unpacking them is like. Each tree adds to the
  /// folders of the one below, and takes a file of it away.
  private static byte[] tree(int number) {
    var random = new Random(SEED + number);
    var tar = new LayerTar().folder("opt/");
    for (int folder = 0; folder < FOLDERS; folder++) {
      var path = "opt/" + folder + "/";
      tar.folder(path);
      for (int file = 0; file < FILES; file++) {
        tar.file(path + number + "-" + file, file % 2 == 0 ? 0644 : 0755, content(random));
      }
      tar.hardLink(path + number + "-hard", path + number + "-0")
          .symbolicLink(path + number + "-soft", number + "-0")
          .record("path", path + number + "-named")
          .file("short", 0600, content(random));
      if (number > 0) {
        tar.file(path + ".wh." + (number - 1) + "-1", "");
      }
    }
    return tar.bytes();
  }

  /// Half of it can be packed.
  private static byte[] content(Random random) {
    var content = new byte[random.nextInt(LARGEST)];
    random.nextBytes(content);
    Arrays.fill(content, 0, content.length / 2, (byte) ' ');
    return content;
  }

  private static String descriptor(String type, byte[] content) {
    return """
    {"mediaType":"%s","digest":"%s","size":%d}\
    """
        .formatted(type, digest(content), content.length);
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
