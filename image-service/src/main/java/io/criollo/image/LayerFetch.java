// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.registry.BlobSources;
import io.criollo.image.store.LayerStore;
import io.criollo.image.store.PartialBlobs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;

/// Brings the layers that the store does not have: all of an image at once. Pulls that want the
/// same layer share its fetch; it goes on as long as one of them waits.
final class LayerFetch {
  private final LayerStore layers;
  private final PartialBlobs partials;
  private final LayerDownload download;
  private final Pulls pulls;

  /// System calls of unpacking block, so each layer has a platform thread.
  private final SingleFlight<Digest, Void> flights =
      new SingleFlight<>(Thread.ofPlatform().daemon().name("layer-", 0).factory());

  LayerFetch(LayerStore layers, PartialBlobs partials, LayerDownload download, Pulls pulls) {
    this.layers = layers;
    this.partials = partials;
    this.download = download;
    this.pulls = pulls;
  }

  /// A layer that is wanted, and where its blob may be had.
  record Missing(BlobSources sources, Piece piece) {}

  /// Returns when all layers of the image, which the caller holds, are in the store.
  void missing(FetchedImage image, Pull pull)
      throws ImageException, IOException, InterruptedException {
    var wanted = new ArrayList<Missing>();
    for (var piece : image.pieces()) {
      if (layers.has(piece.chainId())) {
        pulls.observer().reused(piece.blob().size());
      } else {
        wanted.add(new Missing(image.sources(), piece));
      }
    }
    pull.layers(() -> wanted.stream().map(download::status).toList());
    all(wanted);
    if (layers.commit(image.chain())) {
      // a daemon that was killed right after it staged a layer has left its blob
      for (var piece : image.pieces()) {
        partials.remove(piece.blob().digest());
      }
    }
  }

  private void all(List<Missing> wanted) throws ImageException, IOException, InterruptedException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ExecutorCompletionService<Void>(executor);
      wanted.forEach(layer ->
          done.submit(() ->
              flights.runAtLeastOwn(layer.piece().chainId(), () -> download.download(layer))));
      try {
        for (int i = 0; i < wanted.size(); i++) {
          done.take().get();
        }
      } catch (InterruptedException | ExecutionException e) {
        executor.shutdownNow();
        rethrow(e);
      }
    }
  }

  private static void rethrow(Exception e)
      throws ImageException, IOException, InterruptedException {
    switch (e) {
      case InterruptedException interrupted -> throw interrupted;
      case ExecutionException failed when failed.getCause() instanceof Exception cause ->
          rethrow(cause);
      case ImageException cause -> throw cause;
      case IOException cause -> throw cause;
      default -> throw new IllegalStateException("unpack layer failed", e);
    }
  }
}
