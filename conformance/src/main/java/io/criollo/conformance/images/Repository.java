// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Pushes images by the OCI distribution specification, chapter "Push". A blob that one name of the
/// registry has is mounted into the next one instead of sent again. Used by one thread.
public final class Repository implements AutoCloseable {
  private final URI registry;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<String> sent = new HashSet<>();
  private String blobsOf = "";

  /// Names the registry; connects to nothing.
  ///
  /// @param registry its address, such as `http://127.0.0.1:5000/`
  public Repository(URI registry) {
    this.registry = registry;
  }

  void push(String name, String tag, TestImage image) throws IOException, InterruptedException {
    pushUntagged(name, image);
    manifest(name, tag, image.manifest());
  }

  void pushIndex(String name, String tag, List<TestImage> images)
      throws IOException, InterruptedException {
    for (TestImage image : images) {
      pushUntagged(name, image);
      manifest(name, image.manifest().digest(), image.manifest());
    }
    manifest(name, tag, TestImage.index(images));
  }

  private void pushUntagged(String name, TestImage image) throws IOException, InterruptedException {
    for (Layer layer : image.layers()) {
      blob(name, layer.blob());
    }
    blob(name, image.config());
  }

  private void blob(String name, Blob blob) throws IOException, InterruptedException {
    String query = "";
    if (sent.contains(blob.digest())) {
      query = "?mount=" + blob.digest() + "&from=" + blobsOf;
    }
    var start =
        send(
            request("/v2/" + name + "/blobs/uploads/" + query).POST(BodyPublishers.noBody()),
            201,
            202);
    if (start.statusCode() == 201) {
      return;
    }
    String location = start.headers().firstValue("location").orElseThrow();
    String separator = location.contains("?") ? "&" : "?";
    send(
        request(location + separator + "digest=" + blob.digest())
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(blob.bytes())),
        201);
    if (blobsOf.isEmpty()) {
      blobsOf = name;
    }
    if (blobsOf.equals(name)) {
      sent.add(blob.digest());
    }
  }

  private void manifest(String name, String reference, Blob manifest)
      throws IOException, InterruptedException {
    send(
        request("/v2/" + name + "/manifests/" + reference)
            .header("Content-Type", manifest.mediaType())
            .PUT(BodyPublishers.ofByteArray(manifest.bytes())),
        201);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(registry.resolve(path)).timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder builder, Integer... expected)
      throws IOException, InterruptedException {
    HttpRequest request = builder.build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (!List.of(expected).contains(response.statusCode())) {
      throw new IOException(
          "%s %s: %d %s"
              .formatted(
                  request.method(), request.uri(), response.statusCode(), response.body().strip()));
    }
    return response;
  }

  @Override
  public void close() {
    http.close();
  }
}
