// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Pushes images by the OCI distribution specification, chapter "Push". A blob that the first name
/// of the registry has is mounted into the next ones instead of sent again. The old HTTP client of
/// the JDK, since the new one takes seconds in a guest to get ready for TLS. Used by one thread.
public final class Repository {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final URI registry;
  private final Set<String> sent = new HashSet<>();
  private String blobsOf = "";

  /// Names the registry; connects to nothing.
  ///
  /// @param registry its address, such as `http://127.0.0.1:5000/`
  public Repository(URI registry) {
    this.registry = registry;
  }

  void push(String name, String tag, TestImage image) throws IOException {
    pushUntagged(name, image);
    manifest(name, tag, image.manifest());
  }

  void push(String name, String tag, TestArtifact artifact) throws IOException {
    for (Blob blob : artifact.blobs()) {
      blob(name, blob);
    }
    manifest(name, tag, artifact.manifest());
  }

  void pushIndex(String name, String tag, List<TestImage> images) throws IOException {
    for (TestImage image : images) {
      pushUntagged(name, image);
      manifest(name, image.manifest().digest(), image.manifest());
    }
    manifest(name, tag, TestImage.index(images));
  }

  private void pushUntagged(String name, TestImage image) throws IOException {
    for (Layer layer : image.layers()) {
      blob(name, layer.blob());
    }
    blob(name, image.config());
  }

  private void blob(String name, Blob blob) throws IOException {
    String uploads = "/v2/" + name + "/blobs/uploads/";
    if (sent.contains(blob.digest())) {
      String query = "?mount=" + blob.digest() + "&from=" + blobsOf;
      expect(send("POST", uploads + query, new Blob("", new byte[0])), 201);
      return;
    }
    HttpURLConnection started = send("POST", uploads, new Blob("", new byte[0]));
    expect(started, 202);
    String location = started.getHeaderField("location");
    String separator = location.contains("?") ? "&" : "?";
    expect(send("PUT", location + separator + "digest=" + blob.digest(), blob), 201);
    if (blobsOf.isEmpty()) {
      blobsOf = name;
    }
    if (blobsOf.equals(name)) {
      sent.add(blob.digest());
    }
  }

  private void manifest(String name, String reference, Blob manifest) throws IOException {
    expect(send("PUT", "/v2/" + name + "/manifests/" + reference, manifest), 201);
  }

  private HttpURLConnection send(String method, String path, Blob body) throws IOException {
    var connection = (HttpURLConnection) registry.resolve(path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.bytes().length);
    if (!body.mediaType().isEmpty()) {
      connection.setRequestProperty("Content-Type", body.mediaType());
    }
    try (var out = connection.getOutputStream()) {
      out.write(body.bytes());
    }
    return connection;
  }

  private static void expect(HttpURLConnection connection, int status) throws IOException {
    if (connection.getResponseCode() != status) {
      throw new IOException(
          "%s %s: %d %s"
              .formatted(
                  connection.getRequestMethod(),
                  connection.getURL(),
                  connection.getResponseCode(),
                  text(connection.getErrorStream())));
    }
    text(connection.getInputStream());
  }

  private static String text(InputStream in) throws IOException {
    try (in) {
      return in == null ? "" : new String(in.readNBytes(4096), UTF_8).strip();
    }
  }
}
