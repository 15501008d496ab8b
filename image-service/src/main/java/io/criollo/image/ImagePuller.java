// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.policy.Admission;
import io.criollo.image.policy.Signature;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageId;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.registry.AuthFile;
import io.criollo.image.registry.BlobSources;
import io.criollo.image.registry.RegistryAccess;
import io.criollo.image.registry.RegistryClient;
import io.criollo.image.registry.SignatureStores;
import io.criollo.image.registry.Source;
import io.criollo.image.store.ImageStore;
import io.criollo.image.store.LayerGone;
import io.criollo.image.store.LayerStore;
import io.criollo.image.store.StoredImage;
import io.criollo.linux.LinuxException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One pull from the first of several places that can deliver: manifest, configuration, missing
/// layers, then the name.
final class ImagePuller {
  private static final System.Logger LOG = System.getLogger(ImagePuller.class.getName());

  /// With which the kubelet wants a message to start.
  private static final List<String> KUBELETS_WORDS =
      List.of(ImageException.REGISTRY_UNAVAILABLE, ImageException.SIGNATURE_VALIDATION_FAILED);

  private static final int MOST_REPAIRS = 10;

  private final RegistryAccess access;
  private final ImageStore images;
  private final LayerStore layers;
  private final ManifestFetch manifests;
  private final LayerFetch fetch;
  private final Garbage garbage;
  private final Pulls pulls;
  private final FullDisk fullDisk;

  ImagePuller(
      RegistryAccess access,
      ImageStore images,
      LayerStore layers,
      ManifestFetch manifests,
      LayerFetch fetch,
      Garbage garbage,
      Pulls pulls,
      FullDisk fullDisk) {
    this.fullDisk = fullDisk;
    this.access = access;
    this.images = images;
    this.layers = layers;
    this.manifests = manifests;
    this.fetch = fetch;
    this.garbage = garbage;
    this.pulls = pulls;
  }

  /// What is pulled, and what is known of where it may come from.
  record Wanted(
      ImageReference reference,
      List<Source> sources,
      List<AuthFile> authFiles,
      Admission admission,
      SignatureStores signatures) {}

  ImageId pull(Wanted what, PullRequest request)
      throws ImageException, IOException, InterruptedException {
    what.admission().refuseHopeless();
    var wanted = what.reference();
    var failures = new ArrayList<ImageException>();
    var clients = new ArrayList<RegistryClient>();
    for (var source : what.sources()) {
      try {
        clients.add(access.client(source, request.credentials(), what.authFiles()));
      } catch (ImageException e) {
        failures.add(e);
      }
    }
    for (int i = 0; i < clients.size(); i++) {
      try (var pull = pulls.begin(wanted.toString())) {
        var blobs = new BlobSources(clients.subList(i, clients.size()));
        return store(what, manifests.fetch(blobs), pull);
      } catch (ImageException e) {
        failures.add(e);
      } catch (LinuxException | FileSystemException disk) {
        throw cleanedUp(wanted, disk);
      } catch (InterruptedIOException e) {
        throw (InterruptedException) new InterruptedException("pull").initCause(e);
      } catch (IOException e) {
        if (FullDisk.isAtFault(e)) {
          throw cleanedUp(wanted, e);
        }
        var where = clients.get(i).source();
        failures.add(ImageException.unavailable("connect to " + where + ": " + said(e), e));
      }
    }
    throw failed(wanted, failures);
  }

  /// {@return the fault of the disk}, once what the pull has put there is gone
  private IOException cleanedUp(ImageReference wanted, IOException disk) throws ImageException {
    boolean full = FullDisk.isAtFault(disk);
    try {
      if (full) {
        garbage.everything();
      } else {
        garbage.leftovers(Duration.ZERO);
      }
    } catch (IOException e) {
      disk.addSuppressed(e);
    }
    if (full) {
      throw fullDisk.told("pull " + wanted, disk);
    }
    return disk;
  }

  /// The HTTP client often gives its reason only in a cause.
  private static String said(IOException e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof UnresolvedAddressException) {
        return "host name is not known";
      }
      if (at.getMessage() != null) {
        return at.getMessage();
      }
    }
    return e instanceof ConnectException ? "no connection" : e.getClass().getSimpleName();
  }

  /// The registry itself comes last, and its answer counts; what mirrors said is added.
  private static ImageException failed(ImageReference wanted, List<ImageException> failures) {
    var last = failures.getLast();
    var why = String.valueOf(last.getMessage());
    var word = KUBELETS_WORDS.stream().filter(why::startsWith).findFirst().orElse("");
    var text = new StringBuilder(word);
    text.append("pull ").append(wanted).append(": ").append(why.substring(word.length()));
    for (var earlier : failures.subList(0, failures.size() - 1)) {
      text.append("; before that: ").append(earlier.getMessage());
    }
    var failure = new ImageException(last.kind(), text.toString(), last);
    failures.subList(0, failures.size() - 1).forEach(failure::addSuppressed);
    return failure;
  }

  private ImageId store(Wanted wanted, FetchedImage image, Pull pull)
      throws ImageException, IOException, InterruptedException {
    var kept = new HashMap<>(image.kept());
    var signatures = new TreeSet<String>();
    for (var signature : admitted(wanted, image)) {
      var bytes = signature.bytes();
      kept.put(Digest.ofSha256(bytes), bytes);
      signatures.add(Digest.ofSha256(bytes).toString());
    }
    var chain = image.chain();
    var names = names(wanted.reference(), image, signatures);
    try (var _ = layers.hold(chain)) {
      for (int again = MOST_REPAIRS; ; again--) {
        try {
          fetch.missing(image, pull);
          var size = size(image, chain);
          images.add(new StoredImage(image.id(), image.content(), chain, size, names), kept);
          return image.id();
        } catch (LayerGone e) { // a check that repairs has taken it out
          if (again == 0) {
            throw new FileSystemException("layers break faster than they come: " + e.getMessage());
          }
          LOG.log(Level.INFO, "pull {0}: fetch again: {1}", wanted.reference(), e.getMessage());
        }
      }
    }
  }

  /// {@return the image's signatures, once the policy has let it in}
  private static List<Signature> admitted(Wanted wanted, FetchedImage image)
      throws ImageException, IOException, InterruptedException {
    var manifests = image.manifests().keySet();
    List<Signature> signatures = List.of();
    try {
      signatures = new SignatureFetch(image.sources(), wanted.signatures()).of(manifests);
    } catch (ImageException | IOException e) {
      if (wanted.admission().wantsSignatures()) {
        throw e;
      }
      LOG.log(
          Level.WARNING,
          "go on without signatures of {0}, which no policy wants: {1}",
          wanted.reference(),
          e.getMessage());
    }
    wanted.admission().check(manifests, signatures);
    return signatures;
  }

  private static StoredImage.Names names(
      ImageReference wanted, FetchedImage image, SortedSet<String> signatures) {
    var tags = new TreeMap<String, Long>();
    wanted.repoTag().ifPresent(tag -> tags.put(tag, 0L));
    var digests = new TreeSet<>(List.of(wanted.repoDigest(image.resolved())));
    var led = new TreeSet<String>();
    image.manifests().keySet().forEach(digest -> led.add(digest.toString()));
    return new StoredImage.Names(tags, digests, led, signatures);
  }

  private long size(FetchedImage image, List<Digest> chain) throws IOException {
    var size = (long) image.document().length;
    for (var chainId : chain) {
      size += layers.get(chainId).bytes();
    }
    return size;
  }
}
