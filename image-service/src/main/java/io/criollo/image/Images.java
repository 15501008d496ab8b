// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.mount.RootFilesystems;
import io.criollo.image.mount.RootFilesystems.Sources;
import io.criollo.image.reference.ImageException;
import io.criollo.image.registry.RegistriesConf;
import io.criollo.image.registry.RegistryAccess;
import io.criollo.image.registry.Timeouts;
import io.criollo.image.store.Aside;
import io.criollo.image.store.BlobStore;
import io.criollo.image.store.ImageStore;
import io.criollo.image.store.LayerStore;
import io.criollo.image.store.PartialBlobs;
import io.criollo.image.store.Session;
import io.criollo.image.store.StoreLock;
import io.criollo.image.unpack.LayerUnpacker;
import io.criollo.image.unpack.UnpackLimits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;

/// The image store of one daemon and the use cases on it. Thread-safe; the daemon closes it.
public final class Images implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Images.class.getName());

  private final StoreLock lock;
  private final Session session;
  private final RegistryAccess access;
  private final Pulls pulls = new Pulls();
  private final PullImage pullImage;
  private final RemoveImage removeImage;
  private final ListImages listImages;
  private final ImageStatus imageStatus;
  private final AdmitImage admitImage;
  private final ImageFsInfo imageFsInfo;
  private final CheckImages checkImages;
  private final Scrub scrub;
  private final RootFilesystems rootFilesystems;

  private Images(ImageSettings settings, Timeouts timeouts, StoreLock lock)
      throws IOException, ImageException {
    this.lock = lock;
    this.access = new RegistryAccess(timeouts, settings.certificates());
    var storage = settings.storage();
    var root = storage.images();
    var layers = LayerStore.open(root);
    var blobs = BlobStore.open(root);
    var images = ImageStore.open(root, blobs, layers);
    var aside = Aside.open(root);
    rootFilesystems =
        RootFilesystems.open(
            storage.containers(), storage.limit(), new Sources(root, images, layers, aside));
    layers.putTornAside(aside, rootFilesystems::usersOf);
    aside.collect(rootFilesystems::exists);
    var partials = PartialBlobs.open(root);
    var garbage = new Garbage(images, layers, partials, rootFilesystems);
    garbage.leftovers(Garbage.LIFE);
    var files = settings.registries();
    var registries = new RegistriesConf(files.conf(), files.dropIns(), files.shortNames());
    noteUsable(registries);
    var lookup = new ImageLookup(registries, images);
    var view = new ImageView(new Pins(settings.pinned()));
    var manifests = new ManifestFetch(settings.platform(), blobs);
    var unpacker = new LayerUnpacker(UnpackLimits.USUAL);
    var download = new LayerDownload(layers, partials, unpacker, settings.limits(), pulls);
    var fetch = new LayerFetch(layers, partials, download, pulls);
    pullImage =
        new PullImage(
            settings,
            registries,
            new ImagePuller(
                access, images, layers, manifests, fetch, garbage, pulls, new FullDisk(root)),
            pulls);
    removeImage = new RemoveImage(images, lookup, garbage);
    listImages = new ListImages(images, lookup, view);
    imageStatus = new ImageStatus(lookup, view);
    admitImage = new AdmitImage(settings, registries, images, blobs);
    imageFsInfo = new ImageFsInfo(root, storage.containers(), layers);
    checkImages = new CheckImages(images, layers, blobs, rootFilesystems, aside);
    session = Session.open(root);
    scrub = new Scrub(checkImages, session);
  }

  /// What can be used at the start holds on when the files break before the first pull.
  private static void noteUsable(RegistriesConf registries) {
    try {
      var _ = registries.now();
    } catch (ImageException e) {
      LOG.log(Level.WARNING, "no image can be pulled or used: {0}", e.getMessage());
    }
  }

  /// Opens the store, makes it when it is not there, and removes what an earlier daemon left half
  /// done.
  ///
  /// @throws ImageException LOCKED when another daemon uses it
  public static Images open(ImageSettings settings) throws IOException, ImageException {
    return open(settings, Timeouts.USUAL.withStall(settings.limits().silence()));
  }

  static Images open(ImageSettings settings, Timeouts timeouts) throws IOException, ImageException {
    var root = settings.storage().images();
    var onlyRoot =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(root, onlyRoot);
    var lock = StoreLock.acquire(root.resolve("lock"));
    try {
      return new Images(settings, timeouts, lock);
    } catch (IOException | ImageException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  public PullImage pullImage() {
    return pullImage;
  }

  public Pulls pulls() {
    return pulls;
  }

  public RemoveImage removeImage() {
    return removeImage;
  }

  public ListImages listImages() {
    return listImages;
  }

  public ImageStatus imageStatus() {
    return imageStatus;
  }

  public AdmitImage admitImage() {
    return admitImage;
  }

  public ImageFsInfo imageFsInfo() {
    return imageFsInfo;
  }

  public CheckImages checkImages() {
    return checkImages;
  }

  public Scrub scrub() {
    return scrub;
  }

  public RootFilesystems rootFilesystems() {
    return rootFilesystems;
  }

  /// Gives up connections and the lock. Mounts stay: containers go on.
  @Override
  public void close() throws IOException {
    scrub.close();
    access.close();
    try {
      session.close();
    } finally {
      lock.close();
    }
  }
}
