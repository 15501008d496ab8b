// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/// Private keys in PEM, in the forms that people have: PKCS #8 (RFC 5958), and PKCS #1 for RSA (RFC
/// 8017), which is wrapped into it.
final class PrivateKeys {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  // INTEGER 0, then the algorithm rsaEncryption with NULL parameters
  private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private PrivateKeys() {}

  static PrivateKey read(byte[] pem) throws GeneralSecurityException {
    var matcher = PEM.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      var der = Base64.getMimeDecoder().decode(matcher.group(2));
      switch (matcher.group(1)) {
        case "PRIVATE KEY" -> {
          return pkcs8(der);
        }
        case "RSA PRIVATE KEY" -> {
          return pkcs8(wrapped(der));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new InvalidKeySpecException("private key is encrypted");
        case "EC PRIVATE KEY" ->
            throw new InvalidKeySpecException(
                "private key is in SEC1 form; convert it: openssl pkcs8 -topk8 -nocrypt");
        default -> {}
      }
    }
    throw new InvalidKeySpecException("no private key in PEM");
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    var spec = new PKCS8EncodedKeySpec(der);
    for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // of another algorithm
      }
    }
    throw new InvalidKeySpecException("private key is none of RSA, EC and EdDSA");
  }

  private static byte[] wrapped(byte[] pkcs1) {
    var content = new ByteArrayOutputStream();
    content.writeBytes(RSA);
    content.writeBytes(element(0x04, pkcs1));
    return element(0x30, content.toByteArray());
  }

  private static byte[] element(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    var length = HexFormat.of().parseHex(String.format("%08x", content.length));
    out.write(0x84);
    out.writeBytes(length);
    out.writeBytes(content);
    return Arrays.copyOf(out.toByteArray(), out.size());
  }
}
