// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.ManifestReader;
import io.criollo.image.manifest.MediaTypes;
import io.criollo.image.policy.Signature;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.registry.BlobSources;
import io.criollo.image.registry.SignatureStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Fetches the signatures of manifests: those in a signature store beside the registry, and those
/// that are attached to the image in it.
///
/// @param sources the first is asked, where the manifests came from
record SignatureFetch(BlobSources sources, SignatureStores stores) {
  private static final int MOST = 128;

  List<Signature> of(Iterable<Digest> manifests)
      throws ImageException, IOException, InterruptedException {
    var found = new ArrayList<Signature>();
    var reference = sources.first().source().reference();
    var lookaside = stores.lookaside(reference);
    for (var manifest : manifests) {
      aside(lookaside, manifest, found);
      if (stores.attached(reference)) {
        attached(manifest, found);
      }
    }
    return found;
  }

  /// Signatures are numbered from 1 and end at the first number that is not there.
  private void aside(URI lookaside, Digest manifest, List<Signature> into)
      throws ImageException, IOException, InterruptedException {
    var folder = lookaside + "@" + manifest.algorithm() + "=" + manifest.hex() + "/signature-";
    for (int number = 1; number <= MOST; number++) {
      var signature = document(URI.create(folder + number));
      if (signature.isEmpty()) {
        return;
      }
      into.add(Signature.parse(signature.get()));
    }
    throw new ImageException(Kind.TOO_LARGE, "more than " + MOST + " signatures at " + lookaside);
  }

  private Optional<byte[]> document(URI at)
      throws ImageException, IOException, InterruptedException {
    if (!"file".equals(at.getScheme())) {
      return sources.first().document(at, Signature.LONGEST);
    }
    var file = Path.of(at.getPath());
    try {
      if (Files.size(file) > Signature.LONGEST) {
        throw new ImageException(Kind.TOO_LARGE, "signature is too long: " + file);
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// They are the layers of a manifest whose tag is made of the digest.
  private void attached(Digest manifest, List<Signature> into)
      throws ImageException, IOException, InterruptedException {
    var tag = manifest.algorithm() + "-" + manifest.hex() + ".sig";
    try {
      var client = sources.first();
      var fetched = client.manifest(tag, MediaTypes.ACCEPTED, ManifestReader.LONGEST);
      var artifact = ManifestReader.artifact(fetched.content(), fetched.contentType());
      for (var part : artifact.parts()) {
        if (into.size() >= MOST || part.blob().size() > Signature.LONGEST) {
          throw new ImageException(Kind.TOO_LARGE, "signatures of " + manifest + " are too large");
        }
        var payload = sources.bytes(part.blob().digest(), part.blob().size());
        into.add(new Signature.Sigstore(part.blob().mediaType(), payload, part.annotations()));
      }
    } catch (ImageException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
    }
  }
}
