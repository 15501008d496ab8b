// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.Digest;
import io.criollo.image.unpack.ImpliedDirectories;
import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/// Unpacked layers, each in a directory named after its chain id. A layer is made in `staging`,
/// synced together with all others of its image, and becomes visible by one rename; what is in
/// `staging` when the store opens is left over and goes. Thread-safe.
public final class LayerStore {
  private static final String DIFF = "diff";
  private static final String RECORD = "layer.json";

  private final Path layers;
  private final Path staging;
  private final Path trash;
  private final Map<Digest, Layer> known = new ConcurrentHashMap<>();
  private final Map<Digest, Integer> held = new HashMap<>();

  private record LayerRecord(
      int version, String chainId, String diffId, long bytes, long inodes, boolean opaque) {}

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
    for (var left : List.of(store.staging, store.trash)) {
      for (var tree : StoreFiles.list(left)) {
        DirFd.removeTree(tree);
      }
    }
    for (var layer : StoreFiles.list(store.layers)) {
      store.load(layer);
    }
    return store;
  }

  private void load(Path folder) throws IOException {
    var record = StoreFiles.read(folder.resolve(RECORD), LayerRecord.class);
    try {
      var r = record.orElseThrow(() -> new IllegalArgumentException("no record"));
      var layer =
          new Layer(digest(r.chainId()), digest(r.diffId()), r.bytes(), r.inodes(), r.opaque());
      if (r.version() != StoreFiles.VERSION || !folder.equals(folder(layer.chainId()))) {
        throw new IllegalArgumentException("another layer's record");
      }
      known.put(layer.chainId(), layer);
    } catch (IllegalArgumentException broken) {
      DirFd.removeTree(away(folder));
    }
  }

  private static Digest digest(String text) {
    return new Digest(text.substring(0, text.indexOf(':')), text.substring(text.indexOf(':') + 1));
  }

  public Optional<Layer> find(Digest chainId) {
    return Optional.ofNullable(known.get(chainId));
  }

  public Collection<Layer> all() {
    return List.copyOf(known.values());
  }

  /// {@return the directory that overlay takes as the lower one of a layer}
  public Path diff(Digest chainId) {
    return folder(chainId).resolve(DIFF);
  }

  private Path folder(Digest chainId) {
    return layers.resolve(chainId.hex());
  }

  /// {@return a private place to unpack a layer in}; the caller commits or discards it
  public StagedLayer stage(Digest chainId, Digest diffId) throws IOException {
    var folder = Files.createDirectory(staging.resolve(random()));
    return new StagedLayer(folder, chainId, diffId);
  }

  private static String random() {
    var bytes = new byte[12];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Makes the layers of one image visible.
  ///
  /// @param chain the image's chain ids, lowest first
  /// @param staged the layers among them that are not in the store yet
  public void commit(List<Digest> chain, Map<Digest, StagedLayer> staged) throws IOException {
    if (staged.isEmpty()) {
      return;
    }
    var below = new ArrayList<Path>();
    for (var chainId : chain) {
      var fresh = staged.get(chainId);
      if (fresh != null) {
        ImpliedDirectories.settle(fresh.diff(), fresh.unpacked().implied(), below.reversed());
        Files.write(fresh.folder().resolve(RECORD), StoreFiles.bytes(record(fresh.layer())));
      }
      below.add(fresh == null ? diff(chainId) : fresh.diff());
    }
    try (var directory = DirFd.open(layers)) {
      directory.fd().syncfs();
      for (var chainId : chain) {
        var fresh = staged.get(chainId);
        if (fresh != null) {
          publish(fresh, directory);
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
        layer.opaque());
  }

  private void publish(StagedLayer fresh, DirFd to) throws IOException {
    try (var from = DirFd.open(staging)) {
      to.renameNoReplace(
          from, fresh.folder().getFileName().toString(), fresh.layer().chainId().hex());
      known.put(fresh.layer().chainId(), fresh.layer());
    } catch (LinuxException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      known.putIfAbsent(fresh.layer().chainId(), fresh.layer()); // another pull was faster
      DirFd.removeTree(fresh.folder());
    }
  }

  /// Removes a layer that will not be committed.
  public void discard(StagedLayer staged) throws IOException {
    DirFd.removeTree(staged.folder());
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
