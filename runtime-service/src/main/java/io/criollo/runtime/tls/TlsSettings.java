// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How the server proves who it is, whom it lets in, and what it speaks.
///
/// @param authority those who sign the certificates that clients must show; empty: any client
/// @param cipherSuites those of TLS 1.2, by IANA name; none: the JDK's choice
public record TlsSettings(
    Path certificate,
    Path key,
    Optional<Path> authority,
    TlsVersion least,
    List<String> cipherSuites) {
  public TlsSettings {
    cipherSuites = List.copyOf(cipherSuites);
  }

  List<Path> files() {
    return Stream.concat(Stream.of(certificate, key), authority.stream()).toList();
  }
}
