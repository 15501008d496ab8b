// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// The images of the kubernetes-sigs/cri-tools tests under their own names, as far as they can be
/// made here: all but the one that the tests name by the digest of its upstream manifest.
public final class CritestImages {
  private static final String E2E = "registry.k8s.io/e2e-test-images/";
  private static final String TOOLS = "gcr.io/k8s-staging-cri-tools/";
  private static final Program NGINX = new Program(Path.of("/usr/sbin/nginx"));

  private final Repository repository;
  private final TestImage busybox;

  private CritestImages(Repository repository, Path busybox)
      throws IOException, InterruptedException {
    this.repository = repository;
    this.busybox = Busybox.image(busybox);
  }

  /// Makes and pushes all of them.
  ///
  /// @param busybox a static one with every applet
  public static void push(Repository repository, Path busybox)
      throws IOException, InterruptedException {
    new CritestImages(repository, busybox).pushAll();
  }

  private void pushAll() throws IOException, InterruptedException {
    repository.push(E2E + "busybox", "1.29-2", busybox);
    TestImage setUserId =
        busybox.with(UserLayers.setUserIdShell()).with("Entrypoint", UserLayers.printUser());
    repository.push(E2E + "nonewprivs", "1.3", setUserId);
    repository.push(E2E + "httpd", "2.4.39-4", httpd());
    repository.push(E2E + "nginx", "1.14-2", nginx(80));
    repository.push(
        TOOLS + "hostnet-nginx-" + TestImage.hostArchitecture(), "latest", nginx(12003));
    pushNames();
    pushUsers();
    TestImage pause = busybox.with("Entrypoint", sleepForever()).with("Cmd", List.of());
    for (String registry : List.of("registry.k8s.io", "k8s.gcr.io")) {
      for (String tag : List.of("3.9", "3.10.1")) {
        repository.push(registry + "/pause", tag, pause);
      }
    }
  }

  private void pushNames() throws IOException, InterruptedException {
    for (String name :
        List.of("test-image-latest", "test-image-1", "test-image-2", "test-image-3")) {
      repository.push(TOOLS + name, "latest", marked(name));
    }
    for (String tag : List.of("test", "all")) {
      repository.push(TOOLS + "test-image-tag", tag, marked("test-image-tag"));
    }
    for (String tag : List.of("1", "2", "3")) {
      repository.push(TOOLS + "test-image-tags", tag, marked("test-image-tags"));
    }
    repository.push(TOOLS + "test-image-digest", "latest", marked("test-image-digest"));
  }

  private void pushUsers() throws IOException, InterruptedException {
    Map<String, String> users =
        Map.of(
            "test-image-user-uid", "1002",
            "test-image-user-username", "www-data",
            "test-image-user-uid-group", "1003:1004",
            "test-image-user-username-group", "www-data:1004");
    for (var user : users.entrySet()) {
      repository.push(TOOLS + user.getKey(), "latest", busybox.with("User", user.getValue()));
    }
    repository.push(
        TOOLS + "test-image-predefined-group", "latest", busybox.with(UserLayers.accounts()));
  }

  private TestImage marked(String name) throws IOException {
    return busybox.with(
        Compression.GZIP.layer(new Archive().text("etc/image-name", name + "\n").finish()));
  }

  private TestImage httpd() throws IOException {
    byte[] files =
        new Archive()
            .folders("www")
            .text("www/index.html", "<html><body><h1>It works!</h1></body></html>\n")
            .script(
                "httpd-foreground",
                "#!/bin/sh\necho httpd: starting\nexec httpd -f -vv -p 80 -h /www\n")
            .finish();
    return busybox
        .with(Compression.GZIP.layer(files))
        .with("Entrypoint", List.of("/httpd-foreground"))
        .with("Cmd", List.of());
  }

  private TestImage nginx(int port) throws IOException, InterruptedException {
    if (!NGINX.present()) {
      throw new IOException(NGINX.path() + " is missing: install the package nginx");
    }
    var archive = new Archive().file("usr/sbin/nginx", 0755, NGINX.path());
    NGINX.addLibraries(archive, new HashSet<>(List.of("bin", "lib", "lib64", "usr")));
    archive
        .folders("etc/nginx", "var/lib", "var/lib/nginx", "var/log/nginx", "www")
        .text("www/index.html", "<html><body><h1>Welcome to nginx!</h1></body></html>\n")
        .text("etc/nginx/nginx.conf", nginxConf(port));
    return busybox
        .with(Compression.GZIP.layer(archive.finish()))
        .with("Entrypoint", List.of("/usr/sbin/nginx"))
        .with("Cmd", List.of())
        .with("StopSignal", "SIGQUIT");
  }

  private static String nginxConf(int port) {
    return """
    user root root;
    daemon off;
    pid /var/run/nginx.pid;
    error_log stderr;
    events { worker_connections 64; }
    http {
      access_log /dev/stdout;
      server { listen %d; root /www; }
    }
    """
        .formatted(port);
  }

  private static List<String> sleepForever() {
    return List.of("/bin/sleep", "2147483647");
  }
}
