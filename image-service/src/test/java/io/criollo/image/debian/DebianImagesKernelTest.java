// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.image.PullRequest;
import io.criollo.image.TestStore;
import io.criollo.image.debian.PackageImage.Compression;
import io.criollo.image.registry.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Images of Debian packages out of Debian's registry, over TLS and with a password, unpacked by
/// this and by Debian's skopeo and umoci: byte for byte, owner for owner, attribute for attribute.
class DebianImagesKernelTest {
  @TempDir static Path folder;
  private static DebianRegistry registry;
  private static TestStore store;

  @BeforeAll
  static void open() throws Exception {
    var missing = Tools.missing("docker-registry", "skopeo", "umoci", "tar", "dpkg");
    assumeTrue(missing.isEmpty(), () -> "not installed: " + missing);
    registry = new DebianRegistry(Files.createDirectory(folder.resolve("registry")));
    var certificates = folder.resolve("certs.d").resolve(registry.address());
    Files.createDirectories(certificates);
    Files.copy(registry.certificates().resolve("ca.crt"), certificates.resolve("ca.crt"));
    store = new TestStore(folder);
  }

  @AfterAll
  static void close() throws Exception {
    if (store != null) {
      store.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  static Stream<PackageImage> images() {
    var gzip = Compression.GZIP;
    var zstd = Compression.ZSTD;
    return Stream.of(
        new PackageImage("base", List.of("base-files"), 1, gzip),
        new PackageImage("base-zstd", List.of("base-files", "hostname"), 1, zstd),
        new PackageImage("passwd", List.of("passwd", "login"), 2, gzip),
        new PackageImage("shell", List.of("dash", "debianutils"), 2, zstd),
        new PackageImage("mount", List.of("mount", "sudo"), 3, gzip),
        new PackageImage("system", List.of("sysvinit-utils", "bsdutils"), 5, zstd),
        new PackageImage("text", List.of("sed", "grep"), 7, gzip),
        new PackageImage("zip", List.of("gzip", "zstd"), 10, zstd),
        new PackageImage("terminal", List.of("ncurses-bin"), 15, gzip),
        new PackageImage("network", List.of("iproute2", "curl"), 20, zstd),
        new PackageImage("many", List.of("util-linux"), 40, gzip),
        new PackageImage("most", List.of("base-files", "dash", "procps", "diffutils"), 60, gzip));
  }

  @ParameterizedTest
  @MethodSource("images")
  void treesAreThoseOfSkopeoAndUmoci(PackageImage wanted) throws Exception {
    var scratch = Files.createDirectory(folder.resolve(wanted.name()));
    var both = wanted.make(scratch);
    var name = registry.address() + "/debian/" + wanted.name();
    registry.push(scratch, both.image().digest().hex(), both.image(), name + ":1");
    registry.push(scratch, "gzip", both.gzip(), name + ":gzip");

    var theirs = theirs(scratch, name + ":gzip");
    var ours = ours(name + ":1", wanted.name());

    assertThat(both.image().blobs()).hasSizeLessThanOrEqualTo(wanted.layers() + 1);
    assertThat(ours).hasSizeGreaterThan(wanted.layers());
    // entry by entry, for a message that can be read
    assertThat(ours.keySet()).isEqualTo(theirs.keySet());
    assertThat(ours)
        .allSatisfy((path, seen) -> assertThat(seen).as(path).isEqualTo(theirs.get(path)));
  }

  private static SortedMap<String, String> theirs(Path scratch, String name) throws Exception {
    Tools.run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "--quiet",
        "--src-creds=" + DebianRegistry.USER + ":" + DebianRegistry.PASSWORD,
        "--src-cert-dir=" + registry.certificates(),
        "docker://" + name,
        "oci:" + scratch.resolve("pulled") + ":1");
    var bundle = scratch.resolve("bundle");
    Tools.run("umoci", "unpack", "--image", scratch.resolve("pulled") + ":1", bundle.toString());
    return Tree.of(bundle.resolve("rootfs"));
  }

  private static SortedMap<String, String> ours(String name, String container) throws Exception {
    var user = Credentials.ofPassword(DebianRegistry.USER, DebianRegistry.PASSWORD);
    var images = store.images();
    var id = images.pullImage().pull(new PullRequest(name, Optional.of(user), ""));
    var root = images.rootFilesystems().create(container, id);
    try {
      return Tree.of(root.path());
    } finally {
      images.rootFilesystems().remove(container);
    }
  }
}
