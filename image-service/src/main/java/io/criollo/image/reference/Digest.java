// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.reference;

import io.criollo.image.reference.ImageException.Kind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A content digest, checked before it is used in any path or URL: `sha256` or `sha512`, lower case
/// hexadecimal.
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

  public Digest {
    var length =
        switch (algorithm) {
          case "sha256" -> 64;
          case "sha512" -> 128;
          default ->
              throw new IllegalArgumentException("digest algorithm must be sha256 or sha512");
        };
    if (hex.length() != length || !HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          algorithm + " digest must have " + length + " lower case hexadecimal digits");
    }
  }

  /// {@return the digest written as `algorithm:hex`}
  public static Digest parse(String text) throws ImageException {
    var colon = text.indexOf(':');
    if (colon < 0) {
      throw new ImageException(Kind.INVALID_REFERENCE, "digest has no algorithm: " + shown(text));
    }
    try {
      return new Digest(text.substring(0, colon), text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      throw new ImageException(Kind.INVALID_REFERENCE, e.getMessage() + ": " + shown(text), e);
    }
  }

  public static Digest ofSha256(byte[] content) {
    return of("sha256", newHash("sha256").digest(content));
  }

  /// {@return the digest with the bytes of a finished hash}
  public static Digest of(String algorithm, byte[] hash) {
    return new Digest(algorithm, HexFormat.of().formatHex(hash));
  }

  /// {@return a fresh hash of this digest's algorithm}
  public MessageDigest newHash() {
    return newHash(algorithm);
  }

  /// {@return whether the bytes hash to this digest}
  public boolean matches(byte[] content) {
    return of(algorithm, newHash().digest(content)).equals(this);
  }

  private static MessageDigest newHash(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.equals("sha256") ? "SHA-256" : "SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-2", e);
    }
  }

  private static String shown(String text) {
    return text.length() <= 140 ? text : text.substring(0, 140) + "…";
  }

  @Override
  public int compareTo(Digest other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
