// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.Digest;
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

  /// {@return the bytes of a blob from an offset on}; the caller closes them and checks their
  /// digest
  public ResumingBlob blob(Digest digest, long size, long from) {
    return new ResumingBlob(clients, digest, size, from);
  }
}
