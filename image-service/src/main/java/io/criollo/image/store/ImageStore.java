// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageId;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The images and their names: one file per image, read once when the store opens. Reading takes no
/// lock; changes go one after the other, each to disk first and then into the table that readers
/// see.
public final class ImageStore {
  private static final System.Logger LOG = System.getLogger(ImageStore.class.getName());
  private static final String SUFFIX = ".json";

  private final Path folder;
  private final BlobStore blobs;
  private final LayerStore layers;
  private final Object changing = new Object();
  private volatile Map<ImageId, StoredImage> images = Map.of();
  private long lastNumber;

  private ImageStore(Path folder, BlobStore blobs, LayerStore layers) {
    this.folder = folder;
    this.blobs = blobs;
    this.layers = layers;
  }

  /// {@return the images under a folder}; one whose file, configuration or layer is broken is put
  /// aside and pulled anew when it is wanted
  public static ImageStore open(Path root, BlobStore blobs, LayerStore layers) throws IOException {
    var folder = Files.createDirectories(root.resolve("index"));
    AtomicFile.sweep(folder);
    var store = new ImageStore(folder, blobs, layers);
    var found = new HashMap<ImageId, StoredImage>();
    for (var file : StoreFiles.list(folder)) {
      if (file.toString().endsWith(SUFFIX)) {
        store.load(file).ifPresent(image -> found.put(image.id(), image));
      }
    }
    store.images = withoutDoubleTags(found);
    store.lastNumber =
        found.values().stream()
            .flatMap(image -> image.names().tags().values().stream())
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
    return store;
  }

  private Optional<StoredImage> load(Path file) throws IOException {
    try {
      var record =
          StoreFiles.read(file, ImageRecord.class)
              .orElseThrow(() -> new IllegalArgumentException("not a record"));
      var document = blobs.get(Digest.parse(record.id()));
      var image = record.image(document.orElse(new byte[0]), layers);
      if (file.equals(file(image.id()))) {
        return Optional.of(image);
      }
      throw new IllegalArgumentException("another image's record");
    } catch (ImageException | IllegalArgumentException | NullPointerException broken) {
      LOG.log(System.Logger.Level.WARNING, "put aside {0}: {1}", file, broken.getMessage());
      putAside(file);
      return Optional.empty();
    }
  }

  private static void putAside(Path file) throws IOException {
    Files.move(file, broken(file), StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path broken(Path file) {
    return file.resolveSibling(file.getFileName() + ".broken");
  }

  /// Takes an image out that lacks something, until it is pulled again. What it has stays for that.
  public void putAside(ImageId id) throws IOException {
    synchronized (changing) {
      if (images.containsKey(id)) {
        putAside(file(id));
        var next = new HashMap<>(images);
        next.remove(id);
        images = Map.copyOf(next);
      }
    }
  }

  /// A crash while a tag moved leaves it with two images: the later one has it.
  private static Map<ImageId, StoredImage> withoutDoubleTags(Map<ImageId, StoredImage> found) {
    var newest = new HashMap<String, Long>();
    for (var image : found.values()) {
      image.names().tags().forEach((tag, number) -> newest.merge(tag, number, Math::max));
    }
    var clean = new HashMap<ImageId, StoredImage>();
    for (var image : found.values()) {
      var tags = new TreeMap<>(image.names().tags());
      tags.entrySet().removeIf(tag -> !tag.getValue().equals(newest.get(tag.getKey())));
      clean.put(image.id(), withTags(image, tags));
    }
    return Map.copyOf(clean);
  }

  private static StoredImage withTags(StoredImage image, SortedMap<String, Long> tags) {
    var old = image.names();
    var names = new StoredImage.Names(tags, old.digests(), old.manifests(), old.signatures());
    return new StoredImage(image.id(), image.content(), image.chain(), image.size(), names);
  }

  /// {@return all images, in the order of their ids}
  public List<StoredImage> all() {
    return images.values().stream()
        .sorted(Comparator.comparing(image -> image.id().hex()))
        .toList();
  }

  public Optional<StoredImage> find(ImageId id) {
    return Optional.ofNullable(images.get(id));
  }

  /// {@return the image that has a tag}
  public Optional<StoredImage> tagged(String repoTag) {
    return images.values().stream()
        .filter(image -> image.names().tags().containsKey(repoTag))
        .findFirst();
  }

  /// Puts an image in, or gives one that is in further names. A tag leaves the image that had it.
  ///
  /// @param fresh the image with only the new names, its tags' numbers not yet given
  /// @param kept the configuration and the manifests that led to it
  /// @throws LayerGone when a layer of it was found broken meanwhile
  public void add(StoredImage fresh, Map<Digest, byte[]> kept) throws IOException {
    synchronized (changing) {
      for (var layer : fresh.chain()) {
        layers.get(layer);
      }
      for (var blob : kept.entrySet()) {
        blobs.put(blob.getKey(), blob.getValue());
      }
      var before = Optional.ofNullable(images.get(fresh.id()));
      var tags = new TreeMap<String, Long>();
      var digests = new TreeSet<>(fresh.names().digests());
      var manifests = new TreeSet<>(fresh.names().manifests());
      var signatures = new TreeSet<>(fresh.names().signatures());
      before.ifPresent(image -> {
        tags.putAll(image.names().tags());
        digests.addAll(image.names().digests());
        manifests.addAll(image.names().manifests());
        signatures.addAll(image.names().signatures());
      });
      for (var tag : fresh.names().tags().keySet()) {
        tags.put(tag, ++lastNumber);
      }
      var names = new StoredImage.Names(tags, digests, manifests, signatures);
      var after = new StoredImage(fresh.id(), fresh.content(), fresh.chain(), fresh.size(), names);
      var changed = new ArrayList<StoredImage>(List.of(after));
      changed.addAll(losing(fresh.names().tags().keySet(), fresh.id()));
      write(changed);
    }
  }

  private List<StoredImage> losing(Set<String> tags, ImageId to) {
    var losers = new ArrayList<StoredImage>();
    for (var image : images.values()) {
      var kept = new TreeMap<>(image.names().tags());
      if (!image.id().equals(to) && kept.keySet().removeAll(tags)) {
        losers.add(withTags(image, kept));
      }
    }
    return losers;
  }

  private void write(Collection<StoredImage> changed) throws IOException {
    var next = new HashMap<>(images);
    for (var image : changed) {
      AtomicFile.write(file(image.id()), StoreFiles.bytes(ImageRecord.of(image)));
      Files.deleteIfExists(broken(file(image.id())));
      next.put(image.id(), image);
    }
    images = Map.copyOf(next);
  }

  /// Takes an image out with all its names, and does nothing when it is not in. Its layers stay
  /// until they are collected.
  public void remove(ImageId id) throws IOException {
    synchronized (changing) {
      if (Files.deleteIfExists(file(id))) {
        try (var directory = DirFd.open(folder)) {
          directory.fd().fsync();
        }
      }
      var next = new HashMap<>(images);
      next.remove(id);
      images = Map.copyOf(next);
      blobs.collect(usedBlobs());
    }
  }

  private Set<String> usedBlobs() {
    var used = new HashSet<String>();
    for (var image : images.values()) {
      used.add(image.id().digest());
      used.addAll(image.names().manifests());
      used.addAll(image.names().signatures());
    }
    return used;
  }

  /// {@return the layers that images need}
  public Set<Digest> usedLayers() {
    var used = new HashSet<Digest>();
    images.values().forEach(image -> used.addAll(image.chain()));
    return used;
  }

  private Path file(ImageId id) {
    return folder.resolve(id.hex() + SUFFIX);
  }
}
