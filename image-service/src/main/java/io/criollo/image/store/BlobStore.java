// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.manifest.ManifestReader;
import io.criollo.image.reference.Digest;
import io.criollo.image.seal.DiskStream;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Configurations and manifests, by digest. Layers are not kept as blobs. Thread-safe.
public final class BlobStore {
  private static final System.Logger LOG = System.getLogger(BlobStore.class.getName());

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

  /// {@return the content, if it is there, can be read and still has its digest}
  public Optional<byte[]> get(Digest digest) throws IOException {
    var file = file(digest);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (var content = DiskStream.open(file)) {
      var bytes = content.readNBytes(ManifestReader.LONGEST + 1);
      return Optional.of(bytes)
          .filter(all -> all.length <= ManifestReader.LONGEST && digest.matches(all));
    } catch (LinuxException e) {
      if (DiskStream.isDisks(e)) {
        LOG.log(Level.WARNING, "blob {0} counts as broken: {1}", digest, e.getMessage());
      } else if (!e.is(Errno.ENOENT)) { // it may have been removed meanwhile
        throw e;
      }
      return Optional.empty();
    }
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
