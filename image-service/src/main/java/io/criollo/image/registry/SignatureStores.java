// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageReference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Where signatures of images are, as `registries.d` has it (containers-registries.d(5)).
public final class SignatureStores {
  private static final long LONGEST = 1 << 20;
  private static final String USUAL = "file:///var/lib/containers/sigstore";
  private static final Set<String> SCHEMES = Set.of("file", "http", "https");

  private final Map<String, JsonNode> sections = new HashMap<>();

  private SignatureStores() {}

  /// {@return what the files in a folder say; it need not exist}
  public static SignatureStores read(Path folder) throws ImageException {
    var stores = new SignatureStores();
    if (Files.isDirectory(folder)) {
      try (var files = Files.list(folder)) {
        for (var file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
          stores.add(file);
        }
      } catch (IOException e) {
        throw new ImageException(Kind.MISCONFIGURED, "read signature stores: " + e, e);
      }
    }
    return stores;
  }

  private void add(Path file) throws ImageException, IOException {
    if (Files.size(file) > LONGEST) {
      throw new ImageException(Kind.MISCONFIGURED, file + " is longer than " + LONGEST + " bytes");
    }
    try {
      var content = new YAMLMapper().readTree(Files.readAllBytes(file));
      if (content.has("default-docker")) {
        add(file, "", content.get("default-docker"));
      }
      for (var section : content.path("docker").properties()) {
        add(file, section.getKey(), section.getValue());
      }
    } catch (JsonProcessingException e) {
      throw new ImageException(
          Kind.MISCONFIGURED, file + " is not YAML: " + e.getOriginalMessage(), e);
    }
  }

  private void add(Path file, String scope, JsonNode section) throws ImageException {
    if (sections.put(scope, section) != null) {
      var what = scope.isEmpty() ? "default-docker" : scope;
      throw new ImageException(
          Kind.MISCONFIGURED, file + ": another file has a section for " + what + " too");
    }
  }

  /// {@return the folder that has signatures of an image's repository}
  ///
  /// @param image as it is called at the place it is pulled from
  public URI lookaside(ImageReference image) throws ImageException {
    var base = USUAL;
    for (var section : of(image)) {
      var found = section.path("lookaside").asText(section.path("sigstore").asText(""));
      if (!found.isEmpty()) {
        base = found;
        break;
      }
    }
    try {
      var uri = URI.create(base + "/" + image.path());
      if (SCHEMES.contains(Objects.requireNonNullElse(uri.getScheme(), ""))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new ImageException(
        Kind.MISCONFIGURED, "signature store must be a file or http URL: " + base);
  }

  /// {@return whether sigstore signatures are attached to an image in its registry}
  public boolean attached(ImageReference image) {
    for (var section : of(image)) {
      if (section.has("use-sigstore-attachments")) {
        return section.get("use-sigstore-attachments").asBoolean(false);
      }
    }
    return false;
  }

  private List<JsonNode> of(ImageReference image) {
    var found = new ArrayList<JsonNode>();
    var scopes = new ArrayList<>(image.scopes());
    scopes.add("");
    for (var scope : scopes) {
      var section = sections.get(scope);
      if (section != null) {
        found.add(section);
      }
    }
    return found;
  }
}
