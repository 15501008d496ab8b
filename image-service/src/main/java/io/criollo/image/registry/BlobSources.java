// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.util.List;

/// The places that may have an image's blobs, in the order in which they are asked. Immutable.
public record BlobSources(List<RegistryClient> clients) {
  public BlobSources {
    clients = List.copyOf(clients);
  }

  /// {@return the place that is asked first}
  public RegistryClient first() {
    return clients.getFirst();
  }

  public boolean isEmpty() {
    return clients.isEmpty();
  }

  /// {@return the others}, when one sent wrong bytes
  public BlobSources without(RegistryClient wrong) {
    return new BlobSources(clients.stream().filter(client -> client != wrong).toList());
  }

  /// {@return all of a small blob, from the first place that has the right bytes}
  public byte[] bytes(Digest digest, long size) throws ImageException, IOException {
    for (var left = this; !left.isEmpty(); ) {
      try (var body = left.blob(digest, size, 0)) {
        var content = body.readNBytes(Math.toIntExact(size) + 1);
        if (digest.matches(content)) {
          if (content.length != size) {
            throw new ImageException(Kind.CORRUPT, digest + " is not " + size + " bytes long");
          }
          return content;
        }
        left = left.without(body.client());
      } catch (IOException e) {
        throw ImageException.unwrapped(e);
      }
    }
    throw new ImageException(Kind.WRONG_BYTES, "no place has the right bytes of blob " + digest);
  }

  /// {@return the bytes of a blob from an offset on}; the caller closes them and checks their
  /// digest
  public ResumingBlob blob(Digest digest, long size, long from) {
    return new ResumingBlob(clients, digest, size, from);
  }
}
