// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class RegistryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BLOCK = 512;

  @Test
  void theImageHoldsTogetherByItsDigests() throws IOException {
    try (var registry = Registry.open(RehearsalImage.make())) {
      var manifest = JSON.readTree(get(registry, "manifests/1"));
      var config = JSON.readTree(blob(registry, manifest.get("config")));
      var layers = manifest.get("layers");
      assertThat(config.at("/rootfs/diff_ids")).hasSameSizeAs(layers).isNotEmpty();
      for (int i = 0; i < layers.size(); i++) {
        var tar = unzipped(blob(registry, layers.get(i)));
        var diffId = config.at("/rootfs/diff_ids/" + i).textValue();
        assertThat(diffId).isEqualTo(RehearsalImage.digest(tar));
      }
    }
  }

  @Test
  void anUnknownBlobIsNotFound() throws IOException {
    try (var registry = Registry.open(RehearsalImage.make())) {
      assertThat(connect(registry, "blobs/sha256:00").getResponseCode()).isEqualTo(404);
      assertThat(registry.conf()).contains("insecure = true");
    }
  }

  @Test
  void aHeaderHasTheSumOfItsBytesWithBlanksForTheSum() {
    var tar = new LayerTar().file("etc/group", "root:x:0:\n").bytes();
    assertThat(tar).hasSize(4 * BLOCK);
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : tar[i];
    }
    assertThat(new String(tar, 148, 6, UTF_8)).isEqualTo(String.format("%06o", sum));
    assertThat(new String(tar, 124, 11, UTF_8)).isEqualTo("00000000012");
    assertThat(new String(tar, BLOCK, 10, UTF_8)).isEqualTo("root:x:0:\n");
  }

  private static byte[] blob(Registry registry, JsonNode descriptor) throws IOException {
    var digest = descriptor.get("digest").textValue();
    var content = get(registry, "blobs/" + digest);
    assertThat(RehearsalImage.digest(content)).isEqualTo(digest);
    assertThat(content).hasSize(descriptor.get("size").intValue());
    return content;
  }

  private static byte[] get(Registry registry, String path) throws IOException {
    try (var in = connect(registry, path).getInputStream()) {
      return in.readAllBytes();
    }
  }

  private static HttpURLConnection connect(Registry registry, String path) throws IOException {
    var host = registry.image().substring(0, registry.image().indexOf('/'));
    var url = URI.create("http://" + host + "/v2/rehearsal/" + path).toURL();
    return (HttpURLConnection) url.openConnection();
  }

  private static byte[] unzipped(byte[] content) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return in.readAllBytes();
    }
  }
}
