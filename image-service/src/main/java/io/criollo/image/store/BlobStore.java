// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.manifest.ManifestReader;
import io.criollo.image.reference.Digest;
import io.criollo.linux.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Configurations and manifests, by digest. Layers are not kept as blobs. Thread-safe.
public final class BlobStore {
  private final Path folder;

  private BlobStore(Path folder) {
    this.folder = folder;
  }

  public static BlobStore open(Path root) throws IOException {
    return new BlobStore(Files.createDirectories(root.resolve("blobs")));
  }

  public void put(Digest digest, byte[] content) throws IOException {
    if (get(digest).isEmpty()) {
      AtomicFile.write(file(digest), content);
    }
  }

  /// {@return the content, if it is there and still has its digest}
  public Optional<byte[]> get(Digest digest) throws IOException {
    var file = file(digest);
    if (!Files.isRegularFile(file) || Files.size(file) > ManifestReader.LONGEST) {
      return Optional.empty();
    }
    return Optional.of(Files.readAllBytes(file)).filter(digest::matches);
  }

  /// Removes all but these.
  void collect(Set<String> used) throws IOException {
    for (var file : StoreFiles.list(folder)) {
      if (!used.contains(file.getFileName().toString().replaceFirst("-", ":"))) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Path file(Digest digest) {
    return folder.resolve(digest.algorithm() + "-" + digest.hex());
  }
}
