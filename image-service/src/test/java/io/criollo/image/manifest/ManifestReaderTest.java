// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestReaderTest {
  private static final String D = "sha256:" + "a".repeat(64);
  private static final String CONFIG =
      """
      {"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":10}\
      """
          .formatted(D);
  private static final String LAYER =
      """
      {"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":20,"urls":["http://x"]}\
      """
          .formatted(D);
  private static final String MANIFEST =
      """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}\
      """
          .formatted(CONFIG, LAYER);

  private static ManifestDocument read(String json, String type) throws ImageException {
    return ManifestReader.read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  private static void refused(String json, String type, Kind kind, String text) {
    assertThatThrownBy(() -> read(json, type))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).as(json).isEqualTo(kind))
        .hasMessageContaining(text);
  }

  private static String entry(String platform) {
    return """
    {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":%d%s}\
    """
        .formatted(
            D, platform.length(), platform.isEmpty() ? "" : ",\"platform\":{" + platform + "}");
  }

  private static ImageIndex index(String... entries) throws ImageException {
    return (ImageIndex)
        read(
            "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}",
            "application/vnd.oci.image.index.v1+json; charset=utf-8");
  }

  private static Artifact artifact(String json) throws ImageException {
    return (Artifact) read(json, "application/vnd.oci.image.manifest.v1+json");
  }

  @Test
  void aManifestOfAnArtifactIsKnownByItsConfigurationOrByItsType() throws Exception {
    var foreign = MANIFEST.replace("image.config", "empty").replace("image.layer", "any");
    var file = artifact(foreign);
    assertThat(file.type()).isEqualTo("application/vnd.oci.empty.v1+json");
    assertThat(file.parts())
        .singleElement()
        .satisfies(part -> {
          assertThat(part.blob().mediaType()).isEqualTo("application/vnd.oci.any.v1.tar+gzip");
          assertThat(part.annotations()).isEmpty();
        });
    var typed = "{\"artifactType\":\"text/x\",";
    assertThat(artifact(foreign.replaceFirst("\\{", typed)).type()).isEqualTo("text/x");

    assertThat(read(MANIFEST.replaceFirst("\\{", typed), "")).isInstanceOf(ImageManifest.class);
    var lz4 = MANIFEST.replace("tar+gzip", "tar+lz4");
    assertThat(artifact(lz4.replaceFirst("\\{", typed)).type()).isEqualTo("text/x");
    refused(lz4, "", Kind.UNSUPPORTED, "layer type");
  }

  @Test
  void manifestHasConfigAndLayers() throws Exception {
    var manifest = (ImageManifest) read(MANIFEST, "application/vnd.oci.image.manifest.v1+json");
    assertThat(manifest.config().size()).isEqualTo(10);
    assertThat(manifest.layers()).singleElement().extracting(Descriptor::size).isEqualTo(20L);
    assertThat(read(MANIFEST, "")).isEqualTo(manifest);
    assertThat(read(MANIFEST, "text/plain")).isEqualTo(manifest);
  }

  @Test
  void ambiguousDocumentsAreRefused() {
    var both = "{\"schemaVersion\":2,\"config\":" + CONFIG + ",\"layers\":[],\"manifests\":[]}";
    refused(both, "", Kind.CORRUPT, "ambiguous");
    refused(MANIFEST, "application/vnd.oci.image.index.v1+json", Kind.CORRUPT, "ambiguous");
    refused(
        MANIFEST,
        "application/vnd.docker.distribution.manifest.v2+json",
        Kind.CORRUPT,
        "ambiguous");
    var otherCase = MANIFEST.replace("\"layers\"", "\"Layers\":[],\"layers\"");
    refused(otherCase, "", Kind.CORRUPT, "spelled");
    var twice = MANIFEST.replace("\"layers\"", "\"layers\":[],\"layers\"");
    refused(twice, "", Kind.CORRUPT, "not JSON");
  }

  @Test
  void otherDocumentsAreRefusedClearly() {
    refused("{\"schemaVersion\":1,\"fsLayers\":[]}", "", Kind.UNSUPPORTED, "schema 1");
    refused(
        MANIFEST,
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
        Kind.UNSUPPORTED,
        "schema 1");
    refused(
        MANIFEST.replace("application/vnd.oci.image.config.v1+json", ""),
        "",
        Kind.UNSUPPORTED,
        "configuration's type");
    refused(MANIFEST.replace("tar+gzip", "tar+lz4"), "", Kind.UNSUPPORTED, "layer type");
    refused("[]", "", Kind.CORRUPT, "not a JSON object");
    refused("", "", Kind.CORRUPT, "");
    refused(MANIFEST + "x", "", Kind.CORRUPT, "not JSON");
    refused(MANIFEST.replace("20", "-1"), "", Kind.CORRUPT, "out of range");
    refused(MANIFEST.replace("\"size\":20", "\"size\":\"20\""), "", Kind.CORRUPT, "whole number");
    refused(MANIFEST.replace("\"size\":10", "\"size\":9999999999"), "", Kind.TOO_LARGE, "longer");
    refused(MANIFEST.replace(D, "sha256:../../x"), "", Kind.CORRUPT, "digest");
    refused("[".repeat(100_000), "", Kind.CORRUPT, "not JSON");
  }

  @Test
  void tooManyLayersAreRefused() {
    var many = (LAYER + ",").repeat(501);
    refused(
        MANIFEST.replace(LAYER, many.substring(0, many.length() - 1)),
        "",
        Kind.TOO_LARGE,
        "more than 500");
  }

  @Test
  void indexGivesTheBestVariant() throws Exception {
    var arm = new Platform("linux", "arm", "v7");
    var index =
        index(
            entry(""),
            entry("\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v5\""),
            entry("\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v8\""),
            entry("\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v6\" "),
            entry("\"os\":\"windows\",\"architecture\":\"arm\",\"variant\":\"v7\"  "));
    assertThat(index.choose(arm)).isEqualTo(index.entries().get(3).descriptor());
    assertThat(index.choose(new Platform("linux", "s390x", "")))
        .isEqualTo(index.entries().get(0).descriptor());
  }

  /// Only those of Windows must be the node's (OCI image-spec, "OCI Image Index").
  @Test
  void versionsOfTheSystemDoNotMatterOnLinux() throws Exception {
    var index =
        index(
            entry("\"os\":\"windows\",\"architecture\":\"amd64\",\"os.version\":\"10.0\""),
            entry("\"os\":\"linux\",\"architecture\":\"amd64\",\"os.version\":\"6.1\" "));

    assertThat(index.choose(new Platform("linux", "amd64", "")))
        .isEqualTo(index.entries().get(1).descriptor());
  }

  @Test
  void indexWithoutThePlatformSaysWhatItHas() throws Exception {
    var index = index(entry("\"os\":\"linux\",\"architecture\":\"riscv64\""));
    assertThatThrownBy(() -> index.choose(new Platform("linux", "amd64", "")))
        .hasMessageContaining("nothing for linux/amd64, only for: linux/riscv64");
  }

  @Test
  void configurationIsRead() throws Exception {
    var config =
        ConfigDocument.read(
            """
            {"architecture":"amd64","os":"linux","config":{"User":"1000:0","Env":["A=b"],"Cmd":["sh"],
             "Entrypoint":null,"WorkingDir":"/w","Volumes":{"/v":{}},"Labels":{"l":"m"},"StopSignal":"SIGINT"},
             "rootfs":{"type":"layers","diff_ids":["%s"]}}\
            """
                .formatted(D)
                .getBytes(StandardCharsets.UTF_8));
    assertThat(config.diffIds()).hasToString("[" + D + "]");
    assertThat(config.config().user()).isEqualTo("1000:0");
    assertThat(config.config().entrypoint()).isEmpty();
    assertThat(config.config().volumes()).containsExactly("/v");
    assertThat(config.config().stopSignal()).contains("SIGINT");
  }

  @Test
  void mutatedManifestsNeverFailOtherwise() {
    var random = new Random(20261121);
    var read = 0;
    for (int i = 0; i < 50_000; i++) {
      var bytes = MANIFEST.getBytes(StandardCharsets.UTF_8);
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] =
            (byte) "\"{}[]:,0a\\u\0\377-".charAt(random.nextInt(14));
      }
      try {
        ManifestReader.read(bytes, "");
        ConfigDocument.read(bytes);
        read++;
      } catch (ImageException e) {
        assertThat(e.kind()).isIn(Kind.CORRUPT, Kind.UNSUPPORTED, Kind.TOO_LARGE);
      }
    }
    assertThat(read).isZero();
  }
}
