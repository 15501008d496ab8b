// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageId;
import io.criollo.image.store.Aside;
import io.criollo.image.store.ImageStore;
import io.criollo.image.store.LayerStore;
import io.criollo.image.store.StoredImage;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.DirFd;
import io.criollo.linux.MountInfo;
import io.criollo.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Root file systems of containers: an image's layers with a writable one on top, by overlay with
/// `volatile`, which never waits for the disk (a container's own writes need not outlive a crash of
/// the machine). Under `folder/ID/`: `diff` (what it wrote), `work`, `merged` (the mount),
/// `volumes`, `rootfs.json`. What is removed is renamed first, and deleted by a thread for that.
/// Thread-safe for different containers.
public final class RootFilesystems {
  static final String UPPER = "diff";
  static final String VOLUMES = "volumes";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

  private final Path folder;
  private final Path imageRoot;
  private final Path empty;
  private final ImageStore images;
  private final LayerStore layers;
  private final Aside aside;
  private final Projects projects;
  private final Removed removed;
  private final Sweeper sweeper = new Sweeper();

  /// What root file systems are made of.
  ///
  /// @param root the folder of the image store
  public record Sources(Path root, ImageStore images, LayerStore layers, Aside aside) {}

  private RootFilesystems(Path folder, Projects projects, Sources sources) throws IOException {
    this.folder = folder;
    this.projects = projects;
    this.removed = Removed.in(folder, projects);
    this.imageRoot = sources.root();
    this.empty = Files.createDirectories(imageRoot.resolve("empty"));
    this.images = sources.images();
    this.layers = sources.layers();
    this.aside = sources.aside();
  }

  /// {@return the root file systems under a folder}, in which other parts keep files of their
  /// containers too
  ///
  /// @param limit of what each container may write
  /// @throws ImageException MISCONFIGURED when the file system cannot hold the limit
  public static RootFilesystems open(Path folder, UpperLimit limit, Sources sources)
      throws IOException, ImageException {
    Files.createDirectories(folder);
    var projects = Projects.open(folder, limit);
    for (var each : entries(folder)) {
      projects.found(new Place(each).upper());
      projects.found(new Place(each).work());
    }
    var roots = new RootFilesystems(folder, projects, sources);
    roots.sweepAll();
    return roots;
  }

  /// What earlier daemons have not come to.
  private void sweepAll() throws IOException {
    for (var id : removed.ids()) {
      projects.found(new Place(removed.of(id)).upper());
      projects.found(new Place(removed.of(id)).work());
      sweepLater(id);
    }
  }

  /// Mounts a fresh root file system of an image. On failure nothing is left.
  public RootFilesystem create(String containerId, ImageId image)
      throws ImageException, IOException {
    return create(containerId, image, RootView.PLAIN);
  }

  /// Mounts a fresh root file system whose files appear as those of an owner's user namespace, or
  /// with a label: the image's by a mapped mount, so that no layer is copied or changed.
  public RootFilesystem create(String containerId, ImageId image, RootView view)
      throws ImageException, IOException {
    var place = place(containerId);
    var found = stored(image);
    try (var _ = layers.hold(found.chain())) {
      if (Files.exists(place.record())) {
        throw new IOException("root file system exists already: " + place.folder());
      }
      Files.createDirectories(place.folder());
      protect(place, view.owner());
      AtomicFile.writeVolatile(place.record(), RootRecord.bytes(image, found.chain()));
      try {
        Files.createDirectory(place.upper());
        if (projects.give(place.upper())) {
          Files.createDirectory(place.volumes());
          projects.share(place.upper(), place.volumes());
        }
        likeImage(place, found.chain(), view.owner());
        mount(place, found.chain(), view);
      } catch (IOException e) {
        removeAfter(e, containerId);
        throw e;
      }
    }
    return new RootFilesystem(containerId, image, place.merged(), place.upper());
  }

  /// Mounts an image read-only beside a container's root file system, with which it goes.
  ///
  /// @return where it is mounted
  public Path addImage(String containerId, ImageId image, RootView view)
      throws ImageException, IOException {
    var found = stored(image);
    try (var _ = layers.hold(found.chain())) {
      var all = Files.createDirectories(place(containerId).images());
      var place = new Place(Files.createDirectory(all.resolve("" + entries(all).size())));
      AtomicFile.writeVolatile(place.record(), RootRecord.bytes(image, found.chain()));
      Files.createDirectory(place.merged());
      var lowers = new ArrayList<>(lowers(found.chain()));
      if (lowers.size() == 1) {
        lowers.add(empty); // the kernel wants two layers where nothing is written
      }
      onLayers(place, lowers, view, Optional.empty());
      return place.merged();
    }
  }

  private StoredImage stored(ImageId image) throws ImageException {
    return images
        .find(image)
        .orElseThrow(() -> new ImageException(Kind.NOT_FOUND, "image not found: " + image));
  }

  private void removeAfter(IOException cause, String containerId) {
    try {
      remove(containerId);
    } catch (IOException | ImageException e) {
      cause.addSuppressed(e);
    }
  }

  /// Files with special bits in it must be out of reach for users of the node (CVE-2021-41103).
  private static void protect(Place place, Optional<RootOwner> owner) throws IOException {
    Files.setPosixFilePermissions(place.folder(), PosixFilePermissions.fromString("rwx--x---"));
    if (owner.isPresent()) {
      Files.setAttribute(place.folder(), "unix:gid", owner.get().gid());
    }
  }

  /// The root directory itself shows owner, mode and time of the upper one: give it the image's.
  private void likeImage(Place place, List<Digest> chain, Optional<RootOwner> owner)
      throws IOException {
    int firstUid = owner.map(RootOwner::uid).orElse(0);
    int firstGid = owner.map(RootOwner::gid).orElse(0);
    if (chain.isEmpty()) {
      Files.setAttribute(place.upper(), "unix:uid", firstUid);
      Files.setAttribute(place.upper(), "unix:gid", firstGid);
    } else {
      try (var from = DirFd.open(layers.diff(chain.getLast()));
          var folder = DirFd.open(place.folder());
          var to = DirFd.open(place.upper())) {
        var stat = from.fd().stat();
        to.fd().chown(firstUid + stat.uid(), firstGid + stat.gid());
        to.fd().chmod(stat.permissions());
        folder.utimens("diff", stat.mtime(), stat.mtime());
      }
    }
  }

  private void mount(Place place, List<Digest> chain, RootView view) throws IOException {
    // a volatile mount that was not unmounted leaves a mark here that forbids the next one
    DirFd.removeTree(place.work());
    Files.createDirectory(place.work());
    projects.share(place.upper(), place.work());
    Files.createDirectories(place.merged());
    onLayers(place, lowers(chain), view, Optional.of(place.upper()));
  }

  private void onLayers(Place place, List<Path> lowers, RootView view, Optional<Path> upper)
      throws IOException {
    if (view.owner().isEmpty()) {
      overlay(place, lowers, upper, view.label());
      return;
    }
    Files.createDirectories(place.mapped());
    Mounts.bindMapped(imageRoot, view.owner().get().userNs(), place.mapped());
    try {
      var mapped =
          lowers.stream()
              .map(layer -> place.mapped().resolve(imageRoot.relativize(layer)))
              .toList();
      overlay(place, mapped, upper, view.label());
    } finally {
      Mounts.unmountDetached(place.mapped()); // the overlay has its own copies
      Files.delete(place.mapped());
    }
  }

  private static void overlay(
      Place place, List<Path> lowers, Optional<Path> upper, Optional<String> label)
      throws IOException {
    var work = upper.map(_ -> place.work());
    var options = new ArrayList<String>();
    if (upper.isPresent()) {
      options.add("volatile");
    }
    label.map(Mounts::context).ifPresent(options::add);
    Mounts.overlay(lowers, upper, work, place.merged(), options);
  }

  /// {@return the layers' directories, topmost first, down to one that hides all below}
  private List<Path> lowers(List<Digest> chain) throws IOException {
    var lowers = new ArrayList<Path>();
    for (var chainId : chain.reversed()) {
      var layer = layers.get(chainId);
      lowers.add(layers.diff(chainId));
      if (layer.opaque()) {
        break;
      }
    }
    return lowers.isEmpty() ? List.of(empty) : lowers;
  }

  /// Mounts a root file system that exists but is not mounted, as after a reboot; does nothing when
  /// it is.
  public RootFilesystem mountAgain(String containerId) throws ImageException, IOException {
    var place = place(containerId);
    var record =
        RootRecord.read(place.record())
            .orElseThrow(
                () -> new ImageException(Kind.NOT_FOUND, "no root file system: " + containerId));
    if (!isMounted(place)) {
      mount(place, record.layers(), RootView.PLAIN);
    }
    return new RootFilesystem(containerId, record.imageId(), place.merged(), place.upper());
  }

  private static boolean isMounted(Place place) throws IOException {
    return MountInfo.self().stream().anyMatch(m -> m.mountPoint().equals(place.merged()));
  }

  /// Unmounts and removes a root file system, with all that the container wrote and what others
  /// keep in its folder; does nothing when there is none.
  public void remove(String containerId) throws ImageException, IOException {
    discard(containerId);
    sweep(containerId);
  }

  /// Unmounts a root file system and lets its folder vanish in one step, whatever is in it and
  /// however long it will take to delete that; does nothing when there is none. To be followed by
  /// [#sweepLater] when nothing of the container runs; if not, the next [#open] does it.
  public void discard(String containerId) throws ImageException, IOException {
    var place = place(containerId);
    unmount(place);
    removed.take(place.folder());
  }

  /// Lets a thread delete what was discarded, one container after the other.
  public void sweepLater(String containerId) {
    sweeper.later(containerId, () -> sweep(containerId));
  }

  private void sweep(String containerId) throws IOException {
    removed.delete(containerId);
    aside.left(containerId);
  }

  private static void unmount(Place place) throws IOException {
    for (var each : entries(place.images())) {
      removeImage(new Place(each));
    }
    Files.deleteIfExists(place.images());
    Mounts.unmountIfMounted(place.merged());
    Mounts.unmountIfMounted(place.mapped());
    Files.deleteIfExists(place.mapped());
  }

  /// Nothing but empty folders is left after the unmounting: never a tree of an image is removed.
  private static void removeImage(Place place) throws IOException {
    Mounts.unmountIfMounted(place.merged());
    Mounts.unmountIfMounted(place.mapped());
    for (var file : List.of(place.merged(), place.mapped(), place.record(), place.folder())) {
      Files.deleteIfExists(file);
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  public Optional<RootFilesystem> find(String containerId) throws ImageException, IOException {
    var place = place(containerId);
    return RootRecord.read(place.record())
        .map(r -> new RootFilesystem(containerId, r.imageId(), place.merged(), place.upper()));
  }

  public List<RootFilesystem> list() throws IOException {
    var found = new ArrayList<RootFilesystem>();
    try (var folders = Files.list(folder)) {
      for (var each : folders.sorted().toList()) {
        var place = new Place(each);
        RootRecord.read(place.record())
            .map(r -> new RootFilesystem(place.id(), r.imageId(), place.merged(), place.upper()))
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /// {@return what the container wrote}, as the kernel has counted it where the file system has
  /// project quotas, else by a walk through it
  public FsUsage usage(String containerId) throws ImageException, IOException {
    var place = place(containerId);
    var counted = projects.usage(place.upper());
    if (counted.isPresent()) {
      return counted.get();
    }
    var written = TreeUsage.of(place.upper());
    return Files.isDirectory(place.volumes())
        ? written.plus(TreeUsage.of(place.volumes()))
        : written;
  }

  /// {@return the layers under root file systems}, which must stay whatever becomes of their images
  public Set<Digest> usedLayers() throws IOException {
    var used = new HashSet<Digest>();
    for (var each : entries(folder)) {
      used.addAll(layersOf(new Place(each)));
    }
    return used;
  }

  private static Set<Digest> layersOf(Place place) throws IOException {
    var used = new HashSet<Digest>();
    RootRecord.read(place.record()).ifPresent(r -> used.addAll(r.layers()));
    for (var image : entries(place.images())) {
      RootRecord.read(new Place(image).record()).ifPresent(r -> used.addAll(r.layers()));
    }
    return used;
  }

  /// {@return the containers that stand on a layer}
  ///
  /// @param chain the hexadecimal part of its chain id
  public Set<String> usersOf(String chain) throws IOException {
    var users = new HashSet<String>();
    for (var each : entries(folder)) {
      var place = new Place(each);
      if (layersOf(place).stream().anyMatch(layer -> layer.hex().equals(chain))) {
        users.add(place.id());
      }
    }
    return users;
  }

  /// {@return whether there is a root file system with this name}
  public boolean exists(String containerId) {
    return Files.exists(new Place(folder.resolve(containerId)).record());
  }

  private Place place(String containerId) throws ImageException {
    if (!ID.matcher(containerId).matches()) {
      throw new ImageException(
          Kind.INVALID_REFERENCE, "container id is not valid: " + containerId.length() + " chars");
    }
    return new Place(folder.resolve(containerId));
  }

  private record Place(Path folder) {
    String id() {
      return folder.getFileName().toString();
    }

    Path upper() {
      return folder.resolve(UPPER);
    }

    Path work() {
      return folder.resolve("work");
    }

    Path merged() {
      return folder.resolve("merged");
    }

    /// While it is being mounted: the image store as the owner is to see it.
    Path mapped() {
      return folder.resolve("mapped");
    }

    /// Directories that are mounted into the container, if it has such.
    Path volumes() {
      return folder.resolve(VOLUMES);
    }

    /// Images that are mounted beside the root file system, one folder each.
    Path images() {
      return folder.resolve("images");
    }

    Path record() {
      return folder.resolve("rootfs.json");
    }
  }
}
