// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.json.Json;
import io.criollo.image.policy.Signature.Sigstore;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// A transparency log (sigstore's Rekor) by whose signed promise ("signed entry timestamp") a
/// signature is known to be in it.
record RekorLog(List<PublicKey> keys) {
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+={0,2}");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /// {@return when the log saw a signature}
  ///
  /// @param signer the key or the certificate that made it, in DER
  /// @throws ImageException when the log did not see it, or saw another
  Instant timeOf(Sigstore signature, byte[] signer) throws ImageException {
    var promise = SigstoreSigning.annotation(signature, SigstoreSigning.TIMESTAMP);
    var json = Json.read("log entry", promise.getBytes(StandardCharsets.UTF_8));
    json.only(List.of("SignedEntryTimestamp", "Payload"));
    var payload = json.object("Payload");
    payload.only(List.of("body", "integratedTime", "logIndex", "logID"));
    var signed = SigstoreSigning.base64(json.required("SignedEntryTimestamp"));
    var canonical = canonical(payload);
    if (keys.stream().noneMatch(key -> PublicKeys.verifies(key, canonical, signed))) {
      throw refused("is not signed by the log");
    }
    compare(SigstoreSigning.base64(payload.text("body")), signature, signer);
    return Instant.ofEpochSecond(payload.number("integratedTime"));
  }

  /// The four fields in the form of RFC 8785, which is simple for what may be in them.
  private static byte[] canonical(Json payload) throws ImageException {
    var body = payload.text("body");
    var log = payload.text("logID");
    if (!BASE64.matcher(body).matches() || !HEX.matcher(log).matches()) {
      throw refused("is malformed");
    }
    return """
    {"body":"%s","integratedTime":%d,"logID":"%s","logIndex":%d}\
    """
        .formatted(body, payload.number("integratedTime"), log, payload.number("logIndex"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void compare(byte[] body, Sigstore signature, byte[] signer)
      throws ImageException {
    var entry = Json.read("log entry", body);
    if (!entry.text("kind").equals("hashedrekord") || !entry.text("apiVersion").equals("0.0.1")) {
      throw refused("is not a hashedrekord 0.0.1");
    }
    var spec = entry.object("spec");
    var made = spec.object("signature");
    var wanted = SigstoreSigning.annotation(signature, SigstoreSigning.SIGNATURE);
    if (!Arrays.equals(
        SigstoreSigning.base64(made.text("content")), SigstoreSigning.base64(wanted))) {
      throw refused("is of another signature");
    }
    var hash = spec.object("data").object("hash");
    var payload = Digest.ofSha256(signature.payload());
    if (!hash.text("algorithm").equals("sha256") || !hash.text("value").equals(payload.hex())) {
      throw refused("is of another content");
    }
    var key = SigstoreSigning.base64(made.object("publicKey").text("content"));
    try {
      if (!Arrays.equals(PublicKeys.only(key), signer)) {
        throw refused("is of another key");
      }
    } catch (InvalidKeySpecException e) {
      throw SigstoreSigning.invalid("log entry has no key", e);
    }
  }

  private static ImageException refused(String why) {
    return new ImageException(Kind.SIGNATURE, "log entry of the signature " + why);
  }
}
