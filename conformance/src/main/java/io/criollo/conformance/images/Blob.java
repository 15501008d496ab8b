// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// Content with its media type, as a registry holds it. The bytes are not copied: nobody changes
/// them.
@SuppressWarnings("ArrayRecordComponent") // never compared by content
record Blob(String mediaType, byte[] bytes) {

  String digest() {
    return digest(bytes);
  }

  /// {@return the descriptor of this content, to be put into a manifest or an index}
  Map<String, Object> descriptor() {
    return Map.of("mediaType", mediaType, "digest", digest(), "size", bytes.length);
  }

  static String digest(byte[] bytes) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
