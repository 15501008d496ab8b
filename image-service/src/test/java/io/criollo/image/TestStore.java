// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.image.CheckImages.Checked;
import io.criollo.image.CheckImages.Wish;
import io.criollo.image.manifest.Platform;
import io.criollo.image.policy.PolicyFiles;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageId;
import io.criollo.image.registry.Timeouts;
import io.criollo.image.seal.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An image store for one test, with a `registries.conf` that the test adds to, and little
/// patience.
public final class TestStore implements AutoCloseable {
  private static final Timeouts QUICK =
      new Timeouts(
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofMillis(10));

  private final Path folder;
  private final Storage storage;
  private DownloadLimits limits = DownloadLimits.USUAL;
  private Images images;

  public TestStore(Path folder) throws IOException, ImageException {
    this(folder, Storage.under(folder.resolve("root")));
  }

  TestStore(Path folder, Storage storage) throws IOException, ImageException {
    this.folder = folder;
    this.storage = storage;
    this.images = openAnother();
  }

  /// Pulls of names below a prefix go to a registry, those of mirrors first.
  TestStore registry(String prefix, FakeRegistry registry, FakeRegistry... mirrors)
      throws IOException {
    var rule = new StringBuilder("[[registry]]\nprefix = \"" + prefix + "\"\n");
    rule.append(place(registry));
    for (var mirror : mirrors) {
      rule.append("[[registry.mirror]]\n").append(place(mirror));
    }
    var dropIns = Files.createDirectories(settings().registries().dropIns());
    Files.writeString(dropIns.resolve(prefix + ".conf"), rule);
    return this;
  }

  private static String place(FakeRegistry registry) {
    return "location = \"" + registry.host() + "\"\ninsecure = true\n";
  }

  ImageSettings settings() {
    return new ImageSettings(
        storage,
        RegistryFiles.of(folder.resolve("registries.conf")),
        List.of(folder.resolve("certs.d")),
        new AuthFiles(Optional.of(folder.resolve("auth")), Optional.empty()),
        TestStore.signatures(folder),
        Set.of("reg.test/pause*"),
        new Platform("linux", "amd64", ""),
        limits);
  }

  /// {@return where a test may put a policy, `NAMESPACE.json` in `policies`, and signature stores}
  static SignatureSettings signatures(Path folder) {
    var namespaced = Optional.of(folder.resolve("policies"));
    var policies = new PolicyFiles(folder.resolve("policy.json"), Optional.empty(), namespaced);
    return new SignatureSettings(policies, folder.resolve("registries.d"));
  }

  public Images images() {
    return images;
  }

  Images openAnother() throws IOException, ImageException {
    return Images.open(settings(), QUICK);
  }

  void open(DownloadLimits withLimits) throws IOException, ImageException {
    limits = withLimits;
    open();
  }

  void open() throws IOException, ImageException {
    images = openAnother();
  }

  ImageId pull(String reference) throws Exception {
    return images.pullImage().pull(new PullRequest(reference, Optional.empty(), ""));
  }

  /// {@return all results of a check, which has to know a seal of each layer}
  static List<Checked> check(Images images, Wish wish) throws Exception {
    var check = images.checkImages().begin(wish, Pace.full());
    var all = new ArrayList<Checked>();
    for (var next = check.next(); next.isPresent(); next = check.next()) {
      all.add(next.get());
    }
    assertThat(check.unsealed()).isZero();
    return all;
  }

  /// {@return a folder of the store}
  Path path(String name) {
    return storage.images().resolve(name);
  }

  @Override
  public void close() throws IOException, ImageException {
    for (var root : images.rootFilesystems().list()) {
      images.rootFilesystems().remove(root.containerId());
    }
    images.close();
  }
}
