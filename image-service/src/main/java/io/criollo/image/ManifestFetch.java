// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.Artifact;
import io.criollo.image.manifest.ArtifactDocument;
import io.criollo.image.manifest.ConfigDocument;
import io.criollo.image.manifest.Descriptor;
import io.criollo.image.manifest.ImageIndex;
import io.criollo.image.manifest.ImageManifest;
import io.criollo.image.manifest.ManifestReader;
import io.criollo.image.manifest.MediaTypes;
import io.criollo.image.manifest.Platform;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageId;
import io.criollo.image.registry.BlobSources;
import io.criollo.image.registry.RegistryClient;
import io.criollo.image.registry.RegistryClient.Fetched;
import io.criollo.image.store.BlobStore;
import io.criollo.image.store.ChainIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Goes from a reference to what there is to fetch for one platform.
record ManifestFetch(Platform platform, BlobStore blobs) {
  private static final int DEEPEST = 3;

  /// @param sources the first is asked for the manifest
  FetchedImage fetch(BlobSources sources) throws ImageException, IOException, InterruptedException {
    var client = sources.first();
    var manifests = new LinkedHashMap<Digest, byte[]>();
    var fetched = manifest(client, client.source().reference().wanted());
    var resolved = fetched.digest();
    for (int depth = 0; depth < DEEPEST; depth++) {
      manifests.put(fetched.digest(), fetched.content());
      switch (ManifestReader.read(fetched.content(), fetched.contentType())) {
        case ImageIndex index -> {
          var chosen = index.choose(platform);
          fetched = manifest(client, chosen.digest().toString());
          checkSize(chosen, fetched.content());
        }
        case ImageManifest manifest -> {
          var config = config(sources, manifest.config());
          var content = ConfigDocument.read(config);
          var pieces = pieces(manifest, content);
          return new FetchedImage(sources, resolved, manifests, config, content, pieces);
        }
        case Artifact artifact -> {
          var content = ArtifactDocument.of(artifact);
          var document = fetched.content();
          var pieces = pieces(content);
          return new FetchedImage(sources, resolved, manifests, document, content, pieces);
        }
      }
    }
    throw new ImageException(Kind.UNSUPPORTED, "image indexes are nested too deep");
  }

  private static List<Piece> pieces(ImageManifest manifest, ConfigDocument config)
      throws ImageException {
    var archives = manifest.layers();
    if (config.diffIds().size() != archives.size()) {
      throw new ImageException(
          Kind.CORRUPT, "manifest and configuration differ in the number of layers");
    }
    var chain = ChainIds.of(config);
    var pieces = new ArrayList<Piece>();
    for (int i = 0; i < archives.size(); i++) {
      var archive = new Piece.Archive(config.diffIds().get(i));
      pieces.add(new Piece(archives.get(i), chain.get(i), archive));
    }
    return pieces;
  }

  private static List<Piece> pieces(ArtifactDocument artifact) {
    return artifact.files().stream()
        .map(file -> new Piece(file.blob(), ChainIds.of(file), new Piece.File(file)))
        .toList();
  }

  private static Fetched manifest(RegistryClient client, String wanted)
      throws ImageException, IOException, InterruptedException {
    return client.manifest(wanted, MediaTypes.ACCEPTED, ManifestReader.LONGEST);
  }

  private byte[] config(BlobSources sources, Descriptor config) throws ImageException, IOException {
    var _ = ImageId.of(config.digest()); // refuses what can be no id
    var here = blobs.get(config.digest());
    if (here.isPresent()) {
      return here.get();
    }
    return sources.bytes(config.digest(), config.size());
  }

  private static void checkSize(Descriptor expected, byte[] content) throws ImageException {
    if (content.length != expected.size()) {
      throw new ImageException(
          Kind.CORRUPT, expected.digest() + " is not " + expected.size() + " bytes long");
    }
  }
}
