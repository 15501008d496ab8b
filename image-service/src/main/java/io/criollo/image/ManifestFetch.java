// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.Descriptor;
import io.criollo.image.manifest.ImageIndex;
import io.criollo.image.manifest.ImageManifest;
import io.criollo.image.manifest.ManifestReader;
import io.criollo.image.manifest.MediaTypes;
import io.criollo.image.manifest.Platform;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.registry.RegistryClient;
import io.criollo.image.registry.RegistryClient.Fetched;
import io.criollo.image.store.BlobStore;
import java.io.IOException;
import java.util.LinkedHashMap;

/// Goes from a reference to one platform's manifest and configuration.
record ManifestFetch(Platform platform, BlobStore blobs) {
  private static final int DEEPEST = 3;

  FetchedImage fetch(RegistryClient client)
      throws ImageException, IOException, InterruptedException {
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
          var config = config(client, manifest.config());
          return new FetchedImage(client, resolved, manifests, manifest, config);
        }
      }
    }
    throw new ImageException(Kind.UNSUPPORTED, "image indexes are nested too deep");
  }

  private static Fetched manifest(RegistryClient client, String wanted)
      throws ImageException, IOException, InterruptedException {
    return client.manifest(wanted, MediaTypes.ACCEPTED, ManifestReader.LONGEST);
  }

  private byte[] config(RegistryClient client, Descriptor config)
      throws ImageException, IOException, InterruptedException {
    var here = blobs.get(config.digest());
    if (here.isPresent()) {
      return here.get();
    }
    try (var body = client.blob(config.digest(), 0).body()) {
      var content = body.readNBytes((int) config.size() + 1);
      checkSize(config, content);
      if (!config.digest().matches(content)) {
        throw new ImageException(
            Kind.CORRUPT, "image configuration does not have digest " + config.digest());
      }
      return content;
    }
  }

  private static void checkSize(Descriptor expected, byte[] content) throws ImageException {
    if (content.length != expected.size()) {
      throw new ImageException(
          Kind.CORRUPT, expected.digest() + " is not " + expected.size() + " bytes long");
    }
  }
}
