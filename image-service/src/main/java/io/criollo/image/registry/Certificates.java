// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What `certs.d` has for one registry (containers-certs.d(5)): `*.crt` are authorities that are
/// trusted besides the system's, `*.cert` with `*.key` is how this node shows who it is. Read anew
/// for each pull, so that a change needs no restart.
///
/// @param authorities PEM or DER
/// @param identities each a certificate chain and its private key in PEM
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Certificates(List<byte[]> authorities, List<Identity> identities) {
  static final Certificates NONE = new Certificates(List.of(), List.of());
  private static final long LONGEST = 1 << 20;

  /// A client certificate.
  @SuppressWarnings("ArrayRecordComponent")
  record Identity(byte[] chain, byte[] key) {}

  /// {@return the certificates of the first folder that has some for a host}
  ///
  /// @param host with its port, if it has one
  static Certificates of(String host, List<Path> folders) throws ImageException {
    for (var folder : folders) {
      var own = folder.resolve(host);
      if (own.normalize().getParent() != null
          && folder.normalize().equals(own.normalize().getParent())
          && Files.isDirectory(own)) {
        return read(own);
      }
    }
    return NONE;
  }

  private static Certificates read(Path folder) throws ImageException {
    var authorities = new ArrayList<byte[]>();
    var identities = new ArrayList<Identity>();
    try (var files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        var name = file.getFileName().toString();
        if (name.endsWith(".crt")) {
          authorities.add(bytes(file));
        } else if (name.endsWith(".cert")) {
          identities.add(new Identity(bytes(file), bytes(partner(file, ".cert", ".key"))));
        } else if (name.endsWith(".key")) {
          var _ = partner(file, ".key", ".cert");
        }
      }
      return new Certificates(List.copyOf(authorities), List.copyOf(identities));
    } catch (IOException e) {
      throw new ImageException(Kind.MISCONFIGURED, "read certificates in " + folder + ": " + e, e);
    }
  }

  private static Path partner(Path file, String suffix, String wanted) throws ImageException {
    var name = file.getFileName().toString();
    var stem = name.substring(0, name.length() - suffix.length());
    var partner = file.resolveSibling(stem + wanted);
    if (!Files.exists(partner)) {
      throw new ImageException(
          Kind.MISCONFIGURED, file + " has no " + stem + wanted + " beside it");
    }
    return partner;
  }

  private static byte[] bytes(Path file) throws IOException {
    if (Files.size(file) > LONGEST) {
      throw new IOException(file + " is longer than " + LONGEST + " bytes");
    }
    return Files.readAllBytes(file);
  }

  /// {@return these and others together}
  Certificates and(Certificates others) {
    return new Certificates(
        Stream.concat(authorities.stream(), others.authorities.stream()).toList(),
        Stream.concat(identities.stream(), others.identities.stream()).toList());
  }

  boolean isEmpty() {
    return authorities.isEmpty() && identities.isEmpty();
  }

  /// {@return a digest of all of it}
  Digest fingerprint() {
    var all = new ByteArrayOutputStream();
    authorities.forEach(all::writeBytes);
    identities.forEach(identity -> {
      all.write('|');
      all.writeBytes(identity.chain());
      all.writeBytes(identity.key());
    });
    return Digest.ofSha256(all.toByteArray());
  }
}
