// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.seal.Pace;
import io.criollo.image.seal.Seal;
import io.criollo.image.seal.SealCheck;
import io.criollo.image.seal.SealCheck.Depth;
import io.criollo.image.unpack.LayerUnpacker.Unpacked;
import io.criollo.image.unpack.Settling;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Unpacked layers, each in a directory named after its chain id. A layer is made in `staging` and
/// stays there when it has all its content; the layers of an image are synced together, and each
/// becomes visible by one rename. A daemon that is killed finds what it staged again, after a new
/// boot it starts without. Thread-safe.
public final class LayerStore {
  private static final String DIFF = "diff";
  private static final String RECORD = "layer.json";
  private static final String STAGED = "staged.json";

  private final Path layers;
  private final Path staging;
  private final Path trash;
  private final Map<Digest, Layer> known = new ConcurrentHashMap<>();
  private final Map<Digest, StagedLayer> staged = new ConcurrentHashMap<>();
  private final Map<Digest, Integer> held = new HashMap<>();
  private final List<Path> torn = new ArrayList<>();
  private final ReentrantLock committing = new ReentrantLock();

  private record LayerRecord(
      int version,
      String chainId,
      String diffId,
      long bytes,
      long inodes,
      boolean opaque,
      @Nullable Boolean sealed) {}

  private LayerStore(Path root) {
    this.layers = root.resolve("layers");
    this.staging = root.resolve("staging");
    this.trash = root.resolve("trash");
  }

  /// {@return the layers under a folder}
  public static LayerStore open(Path root) throws IOException {
    var store = new LayerStore(root);
    for (var folder : List.of(store.layers, store.staging, store.trash)) {
      Files.createDirectories(folder);
    }
    for (var tree : StoreFiles.list(store.trash)) {
      DirFd.removeTree(tree);
    }
    for (var layer : StoreFiles.list(store.layers)) {
      store.load(layer);
    }
    for (var tree : StoreFiles.list(store.staging)) {
      store.loadStaged(tree);
    }
    return store;
  }

  private void loadStaged(Path folder) throws IOException {
    var record = StoreFiles.read(folder.resolve(STAGED), StagedRecord.class);
    var layer = record.isPresent() ? record.get().in(folder) : Optional.<StagedLayer>empty();
    if (layer.isPresent() && !known.containsKey(layer.get().chainId())) {
      staged.put(layer.get().chainId(), layer.get());
    } else {
      DirFd.removeTree(folder);
    }
  }

  private void load(Path folder) throws IOException {
    var record = StoreFiles.read(folder.resolve(RECORD), LayerRecord.class);
    try {
      var r = record.orElseThrow(() -> new IllegalArgumentException("no record"));
      var chainId = Digest.parse(r.chainId());
      var diffId = Digest.parse(r.diffId());
      var sealed = Boolean.TRUE.equals(r.sealed());
      var layer = new Layer(chainId, diffId, r.bytes(), r.inodes(), r.opaque(), sealed);
      if (r.version() != StoreFiles.VERSION || !folder.equals(folder(layer.chainId()))) {
        throw new IllegalArgumentException("another layer's record");
      }
      known.put(layer.chainId(), layer);
    } catch (ImageException | IllegalArgumentException | NullPointerException broken) {
      torn.add(folder);
    }
  }

  /// Takes out the layers that were found without a sound record when the store was opened.
  public void putTornAside(Aside aside, Users users) throws IOException {
    for (var folder : torn) {
      Files.move(folder, aside.place(users.of(folder.getFileName().toString())));
    }
    torn.clear();
  }

  /// Knows which containers stand on a layer, by the hexadecimal part of its chain id.
  public interface Users {
    Set<String> of(String chain) throws IOException;
  }

  /// The images that need a layer.
  public interface Images {
    void takeOut() throws IOException;
  }

  public Optional<Layer> find(Digest chainId) {
    return Optional.ofNullable(known.get(chainId));
  }

  /// {@return a layer that an image needs}
  ///
  /// @throws LayerGone when it was found broken meanwhile
  public Layer get(Digest chainId) throws LayerGone {
    return find(chainId).orElseThrow(() -> new LayerGone(chainId));
  }

  public Collection<Layer> all() {
    return List.copyOf(known.values());
  }

  /// {@return the directory that overlay takes as the lower one of a layer}
  public Path diff(Digest chainId) {
    return folder(chainId).resolve(DIFF);
  }

  /// {@return what is wrong with a layer, if something is}
  ///
  /// @throws IOException when it cannot be told, as when the layer is removed meanwhile
  public Optional<String> fault(Digest chainId, Depth depth, Pace pace) throws IOException {
    var seal = folder(chainId).resolve(Seal.FILE);
    return SealCheck.fault(diff(chainId), seal, depth, pace);
  }

  /// Takes a broken layer out, so that it is fetched again, but leaves its tree to those who use
  /// it.
  ///
  /// @param aside takes it until they are gone
  /// @param users asked for once nobody finds the layer any more, so that no container is missed
  /// @param images takes out those that need the layer, before anybody can bring it again
  public void putAside(Digest chainId, Aside aside, Users users, Images images) throws IOException {
    committing.lock(); // layers that are being settled read those below
    try {
      if (known.remove(chainId) != null) {
        Files.move(folder(chainId), aside.place(users.of(chainId.hex())));
      }
      images.takeOut();
    } finally {
      committing.unlock();
    }
  }

  private Path folder(Digest chainId) {
    return layers.resolve(chainId.hex());
  }

  /// {@return whether a layer needs no fetching any more}
  public boolean has(Digest chainId) {
    return known.containsKey(chainId) || staged.containsKey(chainId);
  }

  /// {@return a private folder to unpack a layer in}; the caller stages or removes it
  public Path newFolder() throws IOException {
    return Files.createDirectory(staging.resolve(random()));
  }

  /// Keeps a layer until it is committed.
  ///
  /// @param folder a new folder in which the layer was unpacked as `diff`
  public void stage(Path folder, Digest chainId, Digest diffId, Unpacked unpacked)
      throws IOException {
    var layer = new StagedLayer(folder, chainId, diffId, unpacked);
    Files.write(folder.resolve(STAGED), StoreFiles.bytes(StagedRecord.of(layer)));
    if (known.containsKey(chainId) || staged.putIfAbsent(chainId, layer) != null) {
      DirFd.removeTree(folder);
    }
  }

  static String random() {
    var bytes = new byte[12];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Makes the layers of one image, which the caller holds, visible.
  ///
  /// @param chain the image's chain ids, lowest first, each visible or staged
  /// @return whether there was one to make visible
  /// @throws ImageException CORRUPT when a layer asks of those below what cannot be
  /// @throws LayerGone when one of them is neither visible nor staged any more
  public boolean commit(List<Digest> chain)
      throws ImageException, IOException, InterruptedException {
    committing.lockInterruptibly();
    try {
      var fresh = new HashMap<Digest, StagedLayer>();
      for (var chainId : chain) {
        if (!known.containsKey(chainId)) {
          var layer = staged.get(chainId);
          if (layer == null) {
            throw new LayerGone(chainId);
          }
          fresh.put(chainId, layer);
        }
      }
      if (!fresh.isEmpty()) {
        commit(chain, Map.copyOf(fresh));
      }
      return !fresh.isEmpty();
    } finally {
      committing.unlock();
    }
  }

  private void commit(List<Digest> chain, Map<Digest, StagedLayer> fresh)
      throws ImageException, IOException {
    var below = new ArrayList<Path>();
    for (var chainId : chain) {
      var layer = fresh.get(chainId);
      if (layer != null) {
        settle(layer, below.reversed());
      }
      below.add(layer == null ? diff(chainId) : layer.diff());
    }
    try (var directory = DirFd.open(layers)) {
      directory.fd().syncfs();
      for (var chainId : chain) {
        var layer = fresh.get(chainId);
        if (layer != null) {
          publish(layer, directory);
        }
      }
      directory.fd().fsync();
    }
  }

  private static LayerRecord record(Layer layer) {
    return new LayerRecord(
        StoreFiles.VERSION,
        layer.chainId().toString(),
        layer.diffId().toString(),
        layer.bytes(),
        layer.inodes(),
        layer.opaque(),
        layer.sealed());
  }

  private void settle(StagedLayer layer, List<Path> lowers) throws ImageException, IOException {
    try {
      // a layer that was half changed when the daemon was killed must not be found again
      Settling.Change change = () -> Files.deleteIfExists(layer.folder().resolve(STAGED));
      Settling.settle(layer.diff(), layer.unpacked().pending(), lowers, change);
      seal(layer);
      Files.write(layer.folder().resolve(RECORD), StoreFiles.bytes(record(layer.layer())));
    } catch (ImageException e) {
      drop(layer);
      throw new ImageException(e.kind(), "layer " + layer.diffId() + " " + e.getMessage(), e);
    } catch (IOException e) {
      drop(layer);
      throw e;
    }
  }

  /// Copies of files of lower layers were not summed up when they were made.
  private static void seal(StagedLayer layer) throws IOException {
    var hasCopies = !layer.unpacked().pending().links().isEmpty();
    var sums = Optional.of(layer.sums()).filter(notes -> !hasCopies && Files.exists(notes));
    Seal.write(layer.diff(), sums, layer.folder().resolve(Seal.FILE));
    Files.deleteIfExists(layer.sums());
  }

  private void drop(StagedLayer layer) throws IOException {
    staged.remove(layer.chainId());
    DirFd.removeTree(away(layer.folder()));
  }

  private void publish(StagedLayer fresh, DirFd to) throws IOException {
    var chainId = fresh.chainId();
    try (var from = DirFd.open(staging)) {
      to.renameNoReplace(from, fresh.folder().getFileName().toString(), chainId.hex());
    }
    Files.deleteIfExists(folder(chainId).resolve(STAGED));
    known.put(chainId, fresh.layer());
    staged.remove(chainId);
  }

  /// Removes staged layers that nobody holds, as far as they were made before some time.
  public void abandon(Instant before) throws IOException {
    var gone = new ArrayList<Path>();
    synchronized (held) {
      for (var layer : List.copyOf(staged.values())) {
        var made = Files.getLastModifiedTime(layer.folder()).toInstant();
        if (!held.containsKey(layer.chainId()) && made.isBefore(before)) {
          staged.remove(layer.chainId());
          gone.add(away(layer.folder()));
        }
      }
    }
    for (var folder : gone) {
      DirFd.removeTree(folder);
    }
  }

  /// Keeps layers from being removed as garbage until the hold is closed.
  public Hold hold(Collection<Digest> chain) {
    synchronized (held) {
      chain.forEach(id -> held.merge(id, 1, Integer::sum));
    }
    return () -> {
      synchronized (held) {
        chain.forEach(id -> held.computeIfPresent(id, (_, n) -> n == 1 ? null : n - 1));
      }
    };
  }

  /// Layers that somebody is about to use.
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /// Says which layers are in use.
  public interface Used {
    Set<Digest> layers() throws IOException;
  }

  /// Removes all layers but those in use and those held.
  ///
  /// @param used asked for once no new hold can be taken, so that no layer falls between the two
  public void collect(Used used) throws IOException {
    var gone = new ArrayList<Path>();
    synchronized (held) {
      var kept = used.layers();
      for (var chainId : List.copyOf(known.keySet())) {
        if (!kept.contains(chainId) && !held.containsKey(chainId)) {
          known.remove(chainId);
          gone.add(away(folder(chainId)));
        }
      }
    }
    for (var folder : gone) {
      DirFd.removeTree(folder);
    }
  }

  /// Out of sight by one rename, so that no half removed layer is ever seen.
  private Path away(Path folder) throws IOException {
    return Files.move(folder, trash.resolve(random()));
  }
}
