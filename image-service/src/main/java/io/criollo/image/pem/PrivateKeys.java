// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.pem;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/// Private keys in the forms that people have: PKCS #8 (RFC 5958), and the older PKCS #1 for RSA
/// (RFC 8017) and SEC 1 for EC (RFC 5915), which are the inner part of the newer one.
public final class PrivateKeys {
  private static final byte[] RSA = {
    0x06, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1
  };
  private static final byte[] EC = {0x06, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
  private static final int CURVE = 0xa0;

  private PrivateKeys() {}

  /// {@return the first private key among the blocks of a file}
  ///
  /// @throws GeneralSecurityException when there is none, or none that can be used
  public static PrivateKey first(List<Pem> blocks) throws GeneralSecurityException {
    try {
      for (var block : blocks) {
        switch (block.label()) {
          case "PRIVATE KEY" -> {
            return pkcs8(block.der());
          }
          case "RSA PRIVATE KEY" -> {
            return pkcs8(wrapped(Der.sequence(RSA, Der.NULL), block.der()));
          }
          case "EC PRIVATE KEY" -> {
            var curve = Der.inside(block.der(), CURVE);
            return pkcs8(wrapped(Der.sequence(EC, curve), block.der()));
          }
          case "ENCRYPTED PRIVATE KEY" ->
              throw new InvalidKeySpecException("the key must not need a password");
          default -> {} // curve parameters, a certificate
        }
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException(e.getMessage(), e);
    }
    throw new InvalidKeySpecException("no private key in PEM form");
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return Der.sequence(Der.ZERO, algorithm, Der.octets(key));
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    var failure = new GeneralSecurityException("the key is neither RSA nor EC nor EdDSA");
    for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }
}
