// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.LayerFetch.Missing;
import io.criollo.image.Piece.Archive;
import io.criollo.image.Piece.File;
import io.criollo.image.PullStatus.LayerStatus;
import io.criollo.image.PullStatus.Phase;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.registry.ResumingBlob;
import io.criollo.image.store.LayerStore;
import io.criollo.image.store.PartialBlob;
import io.criollo.image.store.PartialBlobs;
import io.criollo.image.unpack.FileUnpacker;
import io.criollo.image.unpack.LayerUnpacker;
import io.criollo.image.unpack.LayerUnpacker.Unpacked;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Downloads and unpacks one layer in one pass. What came of a blob stays on disk until its layer
/// is staged. Wrong bytes are fetched again: those that an earlier pull left from the same places,
/// others from the next place. Blocks on a platform thread.
final class LayerDownload {
  private static final System.Logger LOG = System.getLogger(LayerDownload.class.getName());

  private static final String TREE = "diff";
  private static final Set<Kind> IMAGE_AT_FAULT =
      EnumSet.of(Kind.CORRUPT, Kind.UNSUPPORTED, Kind.TOO_LARGE);

  private final LayerStore layers;
  private final PartialBlobs partials;
  private final LayerUnpacker unpacker;
  private final Semaphore slots;
  private final DownloadRate rate;
  private final Pulls pulls;
  private final Map<Digest, Running> running = new ConcurrentHashMap<>();

  /// A download that has begun.
  private record Running(PartialBlob kept, ResumingBlob rest) {}

  LayerDownload(
      LayerStore layers,
      PartialBlobs partials,
      LayerUnpacker unpacker,
      DownloadLimits limits,
      Pulls pulls) {
    this.layers = layers;
    this.partials = partials;
    this.unpacker = unpacker;
    this.slots = new Semaphore(limits.layers(), true);
    this.rate = new DownloadRate(limits.bytesPerSecond());
    this.pulls = pulls;
  }

  @Nullable Void download(Missing layer) throws ImageException, IOException, InterruptedException {
    if (layers.has(layer.piece().chainId())) {
      return null;
    }
    try (var kept = partials.claim(layer.piece().blob().digest())) {
      slots.acquire();
      try {
        untilRight(layer, kept);
        pulls.observer().layer(layer.piece().blob().size());
      } finally {
        running.remove(layer.piece().chainId());
        slots.release();
      }
    }
    return null;
  }

  /// {@return how far a layer is}
  LayerStatus status(Missing layer) {
    var digest = layer.piece().blob().digest();
    var size = layer.piece().blob().size();
    var now = running.get(layer.piece().chainId());
    if (now != null) {
      var from = now.rest().client().source().toString();
      return new LayerStatus(digest, size, now.kept().length(), from, Phase.FETCHING);
    }
    return layers.has(layer.piece().chainId())
        ? new LayerStatus(digest, size, size, "", Phase.DONE)
        : new LayerStatus(digest, size, 0, "", Phase.WAITING);
  }

  private void untilRight(Missing layer, PartialBlob kept) throws ImageException, IOException {
    var blob = layer.piece().blob();
    var sources = layer.sources();
    while (true) {
      if (kept.length() > blob.size()) {
        kept.discard();
      }
      var rest = sources.blob(blob.digest(), blob.size(), kept.length());
      running.put(layer.piece().chainId(), new Running(kept, rest));
      try (var body = kept.followedBy(counted(rate.limit(rest)))) {
        unpack(layer, kept, body);
        kept.used();
        return;
      } catch (ImageException e) {
        if (e.kind() != Kind.WRONG_BYTES) {
          if (IMAGE_AT_FAULT.contains(e.kind())) {
            kept.used(); // the blob is of no use
          }
          throw e;
        }
        if (kept.inherited() == 0) {
          sources = sources.without(rest.client());
        }
        kept.discard();
        if (sources.isEmpty()) {
          throw e;
        }
        LOG.log(System.Logger.Level.WARNING, "fetch again: {0}", e.getMessage());
      }
    }
  }

  private InputStream counted(InputStream rest) {
    return new CountedStream(rest, pulls.observer()::fetched);
  }

  private void stage(Missing layer, Path folder, Digest diffId, Unpacked unpacked)
      throws IOException {
    layers.stage(folder, layer.piece().chainId(), diffId, unpacked);
  }

  private void unpack(Missing layer, PartialBlob kept, InputStream body)
      throws ImageException, IOException {
    var folder = layers.newFolder();
    try (var parent = DirFd.open(folder)) {
      var blob = layer.piece().blob();
      switch (layer.piece().form()) {
        case Archive(var diffId) ->
            stage(layer, folder, diffId, unpacker.unpack(body, blob, diffId, parent, TREE));
        case File(var file) -> {
          var unpacked = FileUnpacker.unpack(body, kept.path(), file, parent, TREE);
          stage(layer, folder, blob.digest(), unpacked);
        }
      }
    } catch (IOException e) {
      DirFd.removeTree(folder);
      throw ImageException.unwrapped(e);
    } catch (ImageException | RuntimeException e) {
      DirFd.removeTree(folder);
      throw e;
    }
  }
}
