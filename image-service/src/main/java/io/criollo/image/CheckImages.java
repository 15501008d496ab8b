// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.mount.RootFilesystems;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.seal.Pace;
import io.criollo.image.seal.SealCheck.Depth;
import io.criollo.image.store.Aside;
import io.criollo.image.store.BlobStore;
import io.criollo.image.store.ImageStore;
import io.criollo.image.store.Layer;
import io.criollo.image.store.LayerStore;
import io.criollo.image.store.StoredImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks whether images are still what was pulled: layers file by file, configurations and
/// manifests by digest. Containers run and images are pulled meanwhile.
public final class CheckImages {
  private static final System.Logger LOG = System.getLogger(CheckImages.class.getName());

  private final ImageStore images;
  private final LayerStore layers;
  private final BlobStore blobs;
  private final RootFilesystems roots;
  private final Aside aside;

  CheckImages(
      ImageStore images, LayerStore layers, BlobStore blobs, RootFilesystems roots, Aside aside) {
    this.images = images;
    this.layers = layers;
    this.blobs = blobs;
    this.roots = roots;
    this.aside = aside;
  }

  /// What a check is to do.
  ///
  /// @param repair whether images with something broken are taken out, so that the next pull brings
  ///   what is broken, and nothing else; containers keep what they stand on
  public record Wish(Depth depth, boolean repair) {}

  /// One thing that was looked at.
  ///
  /// @param what `layer` or `image`, and its id
  /// @param bytes how large it is
  /// @param fault what is wrong with it; empty when nothing is
  /// @param images names of images that lack something by it
  public record Checked(String what, long bytes, Optional<String> fault, List<String> images) {
    public Checked {
      images = List.copyOf(images);
    }
  }

  /// {@return a check of all that is there now, which does its work as its results are asked for}
  public Check begin(Wish wish, Pace pace) {
    return new Check(wish, pace);
  }

  /// A check under way, for one thread.
  public final class Check {
    private final Wish wish;
    private final Pace pace;
    private final Deque<StoredImage> imagesLeft = new ArrayDeque<>(images.all());
    private final Deque<Layer> layersLeft = new ArrayDeque<>();
    private int unsealed;

    private Check(Wish wish, Pace pace) {
      this.wish = wish;
      this.pace = pace;
      for (var layer : layers.all()) {
        if (layer.sealed()) {
          layersLeft.add(layer);
        } else {
          unsealed++;
        }
      }
    }

    /// {@return layers that cannot be checked, since an early Criollo unpacked them}
    public int unsealed() {
      return unsealed;
    }

    /// {@return the next result, empty after the last}
    ///
    /// @throws InterruptedIOException when the pace was closed
    public Optional<Checked> next() throws IOException, ImageException {
      var checked = Optional.<Checked>empty();
      while (checked.isEmpty() && !(layersLeft.isEmpty() && imagesLeft.isEmpty())) {
        pace.goOn();
        checked = layersLeft.isEmpty() ? check(imagesLeft.remove()) : check(layersLeft.remove());
      }
      return checked;
    }

    /// {@return the images that need a broken layer}, none of which stays after a repair
    private List<StoredImage> takeOut(Digest broken) throws IOException {
      if (!wish.repair()) {
        return usersOf(broken);
      }
      var users = new ArrayList<StoredImage>();
      layers.putAside(
          broken,
          aside,
          roots::usersOf,
          () -> {
            users.addAll(usersOf(broken)); // no image comes in that needs it: it is not there
            putAside(users);
          });
      aside.collect(roots::exists);
      return users;
    }

    private Optional<Checked> check(Layer layer) throws IOException {
      var id = layer.chainId();
      Optional<String> fault;
      try {
        fault = layers.fault(id, wish.depth(), pace);
      } catch (IOException e) {
        if (layers.find(id).isEmpty()) {
          return Optional.empty(); // it was removed meanwhile
        }
        throw e;
      }
      if (layers.find(id).isEmpty()) {
        return Optional.empty();
      }
      var users = fault.isPresent() ? takeOut(id) : List.<StoredImage>of();
      var name = "layer " + layer.diffId();
      return Optional.of(log(new Checked(name, layer.bytes(), fault, names(users))));
    }

    private Optional<Checked> check(StoredImage image) throws IOException, ImageException {
      var fault =
          brokenBlob(image)
              .map(blob -> "blob " + blob + " is gone, cannot be read or has other bytes");
      if (images.find(image.id()).isEmpty()) {
        return Optional.empty(); // it was removed meanwhile, or lacks a layer
      }
      var users = fault.isPresent() ? List.of(image) : List.<StoredImage>of();
      if (wish.repair()) {
        putAside(users);
      }
      return Optional.of(log(new Checked("image " + image.id(), 0, fault, names(users))));
    }

    private Checked log(Checked checked) {
      checked
          .fault()
          .ifPresent(fault ->
              LOG.log(
                  Level.WARNING,
                  "{0} of {1} is broken{2}: {3}",
                  checked.what(),
                  checked.images(),
                  wish.repair() ? " and is fetched again when it is wanted" : "",
                  fault));
      return checked;
    }
  }

  private Optional<String> brokenBlob(StoredImage image) throws IOException, ImageException {
    var names = image.names();
    var all =
        Stream.of(List.of(image.id().digest()), names.manifests(), names.signatures())
            .flatMap(digests -> digests.stream())
            .toList();
    for (var digest : all) {
      if (blobs.get(Digest.parse(digest)).isEmpty()) {
        return Optional.of(digest);
      }
    }
    return Optional.empty();
  }

  private List<StoredImage> usersOf(Digest chainId) {
    return images.all().stream().filter(image -> image.chain().contains(chainId)).toList();
  }

  private void putAside(List<StoredImage> broken) throws IOException {
    for (var image : broken) {
      images.putAside(image.id());
    }
  }

  private static List<String> names(List<StoredImage> some) {
    return some.stream()
        .map(image ->
            Stream.concat(image.names().tags().keySet().stream(), image.names().digests().stream())
                .findFirst()
                .orElse(image.id().toString()))
        .toList();
  }
}
