// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.ConfigDocument;
import io.criollo.image.manifest.Descriptor;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.registry.RegistryClient;
import io.criollo.image.store.LayerStore;
import io.criollo.image.store.StagedLayer;
import io.criollo.image.unpack.LayerUnpacker;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Brings the layers that the store does not have: all of an image at once, each on a platform
/// thread (their system calls block), no more than a limit of them over all pulls.
final class LayerFetch {
  private final LayerStore layers;
  private final LayerUnpacker unpacker;
  private final Semaphore slots;

  LayerFetch(LayerStore layers, LayerUnpacker unpacker, int atOnce) {
    this.layers = layers;
    this.unpacker = unpacker;
    this.slots = new Semaphore(atOnce, true);
  }

  private record Missing(
      RegistryClient client, Descriptor blob, Digest diffId, Digest chainId, StagedLayer place) {}

  /// Returns when all layers of the chain, which the caller holds, are in the store.
  void missing(FetchedImage image, ConfigDocument document, List<Digest> chain)
      throws ImageException, IOException, InterruptedException {
    var staged = new HashMap<Digest, StagedLayer>();
    try {
      var wanted = new HashMap<Digest, Missing>();
      for (int i = 0; i < chain.size(); i++) {
        var chainId = chain.get(i);
        if (layers.find(chainId).isEmpty() && !staged.containsKey(chainId)) {
          var diffId = document.diffIds().get(i);
          var blob = image.manifest().layers().get(i);
          var place = layers.stage(chainId, diffId);
          staged.put(chainId, place);
          wanted.put(chainId, new Missing(image.client(), blob, diffId, chainId, place));
        }
      }
      all(wanted);
      layers.commit(chain, staged);
      staged.clear();
    } finally {
      for (var left : staged.values()) {
        layers.discard(left);
      }
    }
  }

  private void all(Map<Digest, Missing> wanted)
      throws ImageException, IOException, InterruptedException {
    var threads = Thread.ofPlatform().daemon().name("layer-", 0).factory();
    try (var executor = Executors.newThreadPerTaskExecutor(threads)) {
      var done = new ExecutorCompletionService<Void>(executor);
      wanted.values().forEach(layer -> done.submit(() -> one(layer)));
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
      case ExecutionException failed when failed.getCause() instanceof ImageException cause ->
          throw cause;
      case ExecutionException failed when failed.getCause() instanceof IOException cause ->
          throw cause;
      default -> throw new IllegalStateException("unpack layer failed", e);
    }
  }

  private Void one(Missing layer) throws ImageException, IOException, InterruptedException {
    slots.acquire();
    try (var body = layer.client().resuming(layer.blob().digest(), layer.blob().size());
        var parent = DirFd.open(layer.place().folder())) {
      var unpacked = unpacker.unpack(body, layer.blob(), layer.diffId(), parent, "diff");
      layer.place().unpacked(unpacked);
      return null;
    } catch (IOException e) {
      if (e.getCause() instanceof ImageException refused) {
        throw refused;
      }
      throw e;
    } finally {
      slots.release();
    }
  }
}
