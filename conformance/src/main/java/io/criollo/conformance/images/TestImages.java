// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The images of our own tests and of the demonstration, each pushed under the path
/// `REGISTRY/NAME`, where [RegistriesConf] sends what is asked of that registry.
public final class TestImages {
  /// A shell with the usual tools; an index of two platforms.
  public static final String BUSYBOX = "docker.io/library/busybox:latest";

  /// A web server on port 80 whose one page says who it is.
  public static final String WEB = "docker.io/criollo/web:1";

  /// Four layers, gzip and zstd, that add, replace and take away files.
  public static final String LAYERS = "registry.k8s.io/criollo/layers:1";

  /// The same image again.
  public static final String LAYERS_OTHER_TAG = "registry.k8s.io/criollo/layers:2";

  /// The same image once more.
  public static final String LAYERS_OTHER_REGISTRY = "docker.io/criollo/layers:1";

  /// Has a user, a working folder, an entry point with arguments, and variables.
  public static final String SETTINGS = "registry.k8s.io/criollo/settings:1";

  /// Runs as user 33; has `VOLUME`s: `/data`, which is there and open to all, and `/new/deep`.
  public static final String VOLUMES = "registry.k8s.io/criollo/volumes:1";

  /// One layer that no other image has, of two megabytes that cannot be compressed.
  public static final String NOISE = "registry.k8s.io/criollo/noise:1";

  /// Has a user 1000, who is in the group 50000 too, and says as whom its set-user-id shell runs.
  public static final String USERS = "registry.k8s.io/criollo/users:1";

  /// An artifact of four files, two of them in the folder `sub`.
  public static final String ARTIFACT = "registry.k8s.io/criollo/artifact:1";

  /// An artifact with a file that wants to lie outside.
  public static final String HOSTILE_ARTIFACT = "registry.k8s.io/criollo/artifact:hostile";

  /// For a processor that is not this machine's, and no index beside it.
  public static final String FOREIGN = "docker.io/criollo/foreign:1";

  /// The page of [#WEB].
  public static final String PAGE = "a page from a pod\n";

  private final Repository repository;
  private final TestImage busybox;

  private TestImages(Repository repository, Path busybox) throws IOException, InterruptedException {
    this.repository = repository;
    this.busybox = Busybox.image(busybox);
  }

  /// Makes and pushes all of them.
  public static void push(Repository repository, Path busybox)
      throws IOException, InterruptedException {
    new TestImages(repository, busybox).pushAll();
  }

  private void pushAll() throws IOException, InterruptedException {
    repository.pushIndex(
        "docker.io/library/busybox", "latest", List.of(otherArchitecture(), busybox));
    repository.push("docker.io/criollo/foreign", "1", otherArchitecture());
    repository.push("docker.io/criollo/web", "1", web());
    pushLayers();
    repository.push("registry.k8s.io/criollo/settings", "1", settings());
    repository.push("registry.k8s.io/criollo/users", "1", users());
    repository.push("registry.k8s.io/criollo/volumes", "1", volumes());
    repository.push("registry.k8s.io/criollo/noise", "1", noise());
    pushArtifacts();
  }

  private void pushLayers() throws IOException {
    TestImage layers = layers();
    repository.push("registry.k8s.io/criollo/layers", "1", layers);
    repository.push("registry.k8s.io/criollo/layers", "2", layers);
    repository.push("docker.io/criollo/layers", "1", layers);
  }

  private void pushArtifacts() throws IOException {
    var name = "registry.k8s.io/criollo/artifact";
    var type = "application/vnd.criollo.test";
    var files =
        Map.of(
            "artifact.txt",
            "hello artifact\n",
            "artifact.sh",
            "#!/bin/sh\necho ran\n",
            "sub/2",
            "two\n",
            "sub/3",
            "three\n");
    repository.push(name, "1", new TestArtifact(type, files));
    repository.push(name, "hostile", new TestArtifact(type, Map.of("../../etc/passwd", "x\n")));
  }

  private static TestImage otherArchitecture() throws IOException {
    Layer layer = Compression.GZIP.layer(new Archive().text("other", "not for this\n").finish());
    String name = TestImage.hostArchitecture().equals("arm64") ? "amd64" : "arm64";
    return new TestImage(List.of(layer), Map.of(), name);
  }

  private TestImage web() throws IOException {
    byte[] page =
        new Archive().folders("www").text("www/index.html", PAGE).text("www/ok", "ok\n").finish();
    return busybox
        .with(Compression.ZSTD.layer(page))
        .with("Entrypoint", List.of("/bin/httpd", "-f", "-vv", "-p", "80", "-h", "/www"))
        .with("Cmd", List.of())
        .with("StopSignal", "SIGKILL");
  }

  private TestImage layers() throws IOException {
    byte[] first =
        new Archive()
            .folders("data", "data/kept", "data/opaque", "data/removed")
            .text("data/replaced", "first\n")
            .text("data/removed-file", "first\n")
            .text("data/kept/file", "first\n")
            .text("data/opaque/below", "first\n")
            .text("data/removed/file", "first\n")
            .file("data/setuid", 04755, new byte[] {'#'})
            .finish();
    byte[] second =
        new Archive()
            .text("data/replaced", "second\n")
            .hardLink("data/hard", "data/replaced")
            .whiteout("data", "removed-file")
            .whiteout("data", "removed")
            .opaque("data/opaque")
            .text("data/opaque/above", "second\n")
            .finish();
    byte[] third = new Archive().symbolicLink("data/soft", "kept/file").finish();
    return busybox
        .with(Compression.GZIP.layer(first))
        .with(Compression.ZSTD.layer(second))
        .with(Compression.GZIP.layer(third));
  }

  private TestImage volumes() throws IOException {
    byte[] data = new Archive().folder("data", 01777).text("data/given", "of the image\n").finish();
    return busybox
        .with(Compression.GZIP.layer(data))
        .with("User", "33")
        .with("Volumes", Map.of("/data", Map.of(), "/new/deep", Map.of()));
  }

  private static TestImage noise() throws IOException {
    var bytes = new byte[2_000_000];
    new Random(1).nextBytes(bytes);
    var layer = Compression.GZIP.layer(new Archive().file("noise", 0644, bytes).finish());
    return new TestImage(List.of(layer), Map.of(), TestImage.hostArchitecture());
  }

  private TestImage users() throws IOException, InterruptedException {
    return busybox
        .with(UserLayers.accounts())
        .with(UserLayers.setUserIdShell())
        .with("Entrypoint", UserLayers.printUser())
        .with("Cmd", List.of());
  }

  private TestImage settings() {
    return busybox
        .with("User", "www-data")
        .with("WorkingDir", "/var/www")
        .with("Entrypoint", List.of("/bin/sh", "-c"))
        .with("Cmd", List.of("echo \"$GREETING from $(pwd) as $(id -u)\"; sleep 1000"))
        .with("Env", List.of("PATH=/bin", "GREETING=hello"));
  }
}
