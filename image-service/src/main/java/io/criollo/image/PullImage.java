// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.ImagePuller.Wanted;
import io.criollo.image.policy.Admission;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageId;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.reference.ParsedName;
import io.criollo.image.registry.Registries;
import io.criollo.image.registry.RegistriesConf;
import io.criollo.image.registry.SignatureStores;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/// Pulls images. Callers who ask for the same share one operation; it goes on as long as one of
/// them waits.
public final class PullImage {
  private final ImageSettings settings;
  private final RegistriesConf registriesConf;
  private final ImagePuller puller;
  private final Pulls pulls;
  private final SingleFlight<PullRequest, ImageId> flights =
      new SingleFlight<>(Thread.ofVirtual().name("pull-", 0).factory());

  PullImage(
      ImageSettings settings, RegistriesConf registriesConf, ImagePuller puller, Pulls pulls) {
    this.settings = settings;
    this.registriesConf = registriesConf;
    this.puller = puller;
    this.pulls = pulls;
  }

  /// Pulls an image, or makes sure that the one here is what the registry has under the name.
  /// Blocks; a caller leaves by being interrupted.
  ///
  /// @return the image's id, the same that every other call shows
  /// @throws ImageException UNAVAILABLE when no registry could be reached; DISK_FULL when there is
  ///   no space, and then what had come is gone
  /// @throws IOException when the disk is at fault otherwise
  public ImageId pull(PullRequest request)
      throws ImageException, IOException, InterruptedException {
    try {
      return flights.run(request, () -> observed(request));
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ImageException cause -> throw new ImageException(cause.kind(), text(cause), cause);
        case IOException cause -> throw new IOException("pull image: " + cause.getMessage(), cause);
        case null, default -> throw new IllegalStateException("pull image failed", e);
      }
    }
  }

  private static String text(ImageException e) {
    return String.valueOf(e.getMessage());
  }

  private ImageId observed(PullRequest request)
      throws ImageException, IOException, InterruptedException {
    long begin = System.nanoTime();
    try {
      var id = pullNow(request);
      pulls.observer().pulled(Duration.ofNanos(System.nanoTime() - begin));
      return id;
    } catch (ImageException | IOException | InterruptedException | RuntimeException e) {
      pulls.observer().failed(why(e));
      throw e;
    }
  }

  private static String why(Exception failure) {
    return switch (failure) {
      case ImageException e -> e.kind().name();
      case IOException _ -> "IO";
      case InterruptedException _ -> "CANCELLED";
      default -> "INTERNAL";
    };
  }

  private ImageId pullNow(PullRequest request)
      throws ImageException, IOException, InterruptedException {
    var registries = registriesConf.now();
    var candidates = registries.pullCandidates(ParsedName.parse(request.reference()));
    for (var candidate : candidates.subList(0, candidates.size() - 1)) {
      try {
        return pullNow(candidate, registries, request);
      } catch (ImageException e) {
        if (e.kind() == Kind.DISK_FULL) {
          throw e;
        }
        // a short name is looked for in the next registry
      }
    }
    return pullNow(candidates.getLast(), registries, request);
  }

  private ImageId pullNow(ImageReference wanted, Registries registries, PullRequest request)
      throws ImageException, IOException, InterruptedException {
    var signatures = settings.signatures();
    var policy = signatures.policies().of(request.podNamespace());
    return puller.pull(
        new Wanted(
            wanted,
            registries.sources(wanted, settings.certificates()),
            settings.auth().of(request.podNamespace(), wanted),
            Admission.of(policy, wanted),
            SignatureStores.read(signatures.stores())),
        request);
  }
}
