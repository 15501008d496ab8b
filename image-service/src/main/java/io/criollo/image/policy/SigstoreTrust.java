// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.json.Json;
import io.criollo.image.reference.ImageException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whom a `sigstoreSigned` requirement trusts: some keys, or an authority that vouches for keys.
///
/// @param rekor keys of transparency logs, one of which must have seen the signature; none when
///   that does not matter
public record SigstoreTrust(Signers signers, KeyFiles rekor) {

  /// Who may sign.
  sealed interface Signers {
    record Keys(KeyFiles files) implements Signers {}

    /// Short-lived certificates that Fulcio gave to whom an identity provider knows by an e-mail
    /// address.
    record Fulcio(KeyFiles authorities, String issuer, String email) implements Signers {}

    /// Certificates of one's own authorities, for an e-mail address, a host, or both.
    record Pki(
        KeyFiles roots, KeyFiles intermediates, Optional<String> email, Optional<String> host)
        implements Signers {}
  }

  static SigstoreTrust read(Json json) throws ImageException {
    var fields = new ArrayList<>(List.of("type", "signedIdentity", "fulcio", "pki"));
    for (var suffix : List.of("Path", "Paths", "Data", "Datas")) {
      fields.add("key" + suffix);
      fields.add("rekorPublicKey" + suffix);
    }
    json.only(fields);
    var keys = PolicyReader.source(json, "key");
    var rekor = PolicyReader.source(json, "rekorPublicKey");
    int ways = (keys.isEmpty() ? 0 : 1) + (json.has("fulcio") ? 1 : 0) + (json.has("pki") ? 1 : 0);
    if (ways != 1) {
      throw json.wrong("keyPath", "must be there, or fulcio, or pki, but only one of them");
    }
    if (json.has("fulcio") && rekor.isEmpty()) {
      throw json.wrong("rekorPublicKeyPath", "is needed with fulcio");
    }
    if (json.has("pki") && !rekor.isEmpty()) {
      throw json.wrong("rekorPublicKeyPath", "cannot be used with pki");
    }
    return new SigstoreTrust(signers(json, keys), rekor);
  }

  private static Signers signers(Json json, KeyFiles keys) throws ImageException {
    if (json.has("fulcio")) {
      var fulcio = json.object("fulcio");
      fulcio.only(List.of("caPath", "caData", "oidcIssuer", "subjectEmail"));
      return new Signers.Fulcio(
          PolicyReader.oneSource(fulcio, "ca"),
          fulcio.required("oidcIssuer"),
          fulcio.required("subjectEmail"));
    }
    if (json.has("pki")) {
      return pki(json.object("pki"));
    }
    return new Signers.Keys(keys);
  }

  private static Signers pki(Json pki) throws ImageException {
    pki.only(
        List.of(
            "caRootsPath",
            "caRootsData",
            "caIntermediatesPath",
            "caIntermediatesData",
            "subjectEmail",
            "subjectHostname"));
    var email = Optional.of(pki.text("subjectEmail")).filter(text -> !text.isEmpty());
    var host = Optional.of(pki.text("subjectHostname")).filter(text -> !text.isEmpty());
    if (email.isEmpty() && host.isEmpty()) {
      throw pki.wrong("subjectEmail", "is missing, and so is subjectHostname");
    }
    return new Signers.Pki(
        PolicyReader.oneSource(pki, "caRoots"),
        PolicyReader.source(pki, "caIntermediates"),
        email,
        host);
  }

  /// {@return what knows good signatures, with all keys read}
  Admission.Verifier prepare() throws ImageException {
    var logs = new ArrayList<PublicKey>();
    for (var key : rekor.read()) {
      logs.add(PublicKeys.of(key));
    }
    var rekorLog = logs.isEmpty() ? Optional.<RekorLog>empty() : Optional.of(new RekorLog(logs));
    return switch (signers) {
      case Signers.Keys(var files) -> {
        var keys = new ArrayList<PublicKey>();
        for (var key : files.read()) {
          keys.add(PublicKeys.of(key));
        }
        yield new SigstoreSigning(new SigstoreSigning.OneOfKeys(keys, rekorLog));
      }
      case Signers.Fulcio(var authorities, var issuer, var email) ->
          new SigstoreSigning(
              new FulcioSigner(
                  PublicKeys.certificates(authorities.read()),
                  issuer,
                  email,
                  rekorLog.orElseThrow()));
      case Signers.Pki(var roots, var intermediates, var email, var host) ->
          new SigstoreSigning(
              new PkiSigner(
                  PublicKeys.certificates(roots.read()),
                  PublicKeys.certificates(intermediates.read()),
                  email,
                  host));
    };
  }
}
