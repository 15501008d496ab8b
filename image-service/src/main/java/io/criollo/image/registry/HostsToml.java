// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
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
import java.util.Optional;
import java.util.Set;

/// Reads containerd's `hosts.toml`, for registries that `registries.conf` does not speak of
/// (containerd, docs/hosts.md).
public final class HostsToml {
  private static final long LONGEST = 1 << 20;
  private static final Set<String> CAPABILITIES = Set.of("pull", "resolve", "push");

  private final Path file;
  private final ImageReference reference;

  private HostsToml(Path file, ImageReference reference) {
    this.file = file;
    this.reference = reference;
  }

  /// {@return the places to pull a reference from, in order}, empty when no file is for its
  /// registry
  ///
  /// @param folders each with a folder `HOST` or `_default`
  public static List<Source> sources(List<Path> folders, ImageReference reference)
      throws ImageException {
    for (var host : List.of(reference.domain(), "_default")) {
      for (var folder : folders) {
        var file = folder.resolve(host).resolve("hosts.toml");
        if (Files.isRegularFile(file)) {
          return new HostsToml(file, reference).read();
        }
      }
    }
    return List.of();
  }

  private List<Source> read() throws ImageException {
    try {
      if (Files.size(file) > LONGEST) {
        throw wrong("is longer than " + LONGEST + " bytes");
      }
      var content = new TomlMapper().readTree(Files.readString(file));
      var sources = new ArrayList<Source>();
      for (var host : content.path("host").properties()) {
        if (serves(host.getKey(), host.getValue())) {
          sources.add(source(host.getKey(), host.getValue(), true));
        }
      }
      var server = content.path("server").asText("https://" + reference.domain());
      sources.add(source(server, content, false));
      return sources;
    } catch (JsonProcessingException e) {
      throw new ImageException(Kind.MISCONFIGURED, file + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ImageException(Kind.MISCONFIGURED, "read " + file + ": " + e, e);
    }
  }

  /// What has only `pull` knows no tags.
  private boolean serves(String host, JsonNode of) throws ImageException {
    if (!of.has("capabilities")) {
      return true;
    }
    var can = texts(of.get("capabilities"), host + ": capabilities");
    if (!CAPABILITIES.containsAll(can)) {
      throw wrong(host + ": capabilities must be some of " + CAPABILITIES);
    }
    return can.contains("pull") && (can.contains("resolve") || reference.digest().isPresent());
  }

  private Source source(String host, JsonNode of, boolean mirror)
      throws ImageException, IOException {
    URI uri;
    try {
      uri = URI.create(host.contains("://") ? host : "https://" + host);
    } catch (IllegalArgumentException e) {
      throw wrong("host is not a URL: " + host);
    }
    var plain = "http".equals(uri.getScheme());
    if (uri.getHost() == null || !(plain || "https".equals(uri.getScheme()))) {
      throw wrong("host is not an http URL: " + host);
    }
    var path = uri.getPath().replaceFirst("/+$", "");
    var whole = of.path("override_path").asBoolean(false) || path.endsWith("/v2");
    var manner =
        new Manner(
            whole ? path : path + "/v2",
            mirror ? Optional.of(reference.domain()) : Optional.empty(),
            headers(of.path("header"), host),
            certificates(of));
    // where Docker's registry is; credentials know it by its name
    var domain =
        uri.getRawAuthority().equals("registry-1.docker.io") ? "docker.io" : uri.getRawAuthority();
    var there = new ImageReference(domain, reference.path(), reference.tag(), reference.digest());
    return new Source(there, plain || of.path("skip_verify").asBoolean(false), mirror, manner);
  }

  private Map<String, String> headers(JsonNode header, String host) throws ImageException {
    var headers = new HashMap<String, String>();
    for (var each : header.properties()) {
      headers.put(each.getKey(), String.join(", ", texts(each.getValue(), host + ": header")));
    }
    return headers;
  }

  private Certificates certificates(JsonNode of) throws ImageException, IOException {
    var authorities = new ArrayList<byte[]>();
    if (of.has("ca")) {
      for (var each : texts(of.get("ca"), "ca")) {
        authorities.add(Files.readAllBytes(file.resolveSibling(each)));
      }
    }
    var identities = new ArrayList<Certificates.Identity>();
    for (var pair : of.has("client") ? pairs(of.get("client")) : List.<List<String>>of()) {
      var chain = Files.readAllBytes(file.resolveSibling(pair.getFirst()));
      var key = Files.readAllBytes(file.resolveSibling(pair.getLast()));
      identities.add(new Certificates.Identity(chain, key));
    }
    return new Certificates(List.copyOf(authorities), List.copyOf(identities));
  }

  /// One file with both, or a list of such files and of pairs.
  private List<List<String>> pairs(JsonNode client) throws ImageException {
    var pairs = new ArrayList<List<String>>();
    for (var each : client.isArray() ? client : List.of(client)) {
      var pair = texts(each, "client");
      if (pair.isEmpty() || pair.size() > 2) {
        throw wrong("client must be files, or pairs of a certificate and a key");
      }
      pairs.add(pair);
    }
    return pairs;
  }

  private List<String> texts(JsonNode node, String what) throws ImageException {
    var found = new ArrayList<String>();
    for (var each : node.isArray() ? node : List.of(node)) {
      if (!each.isTextual()) {
        throw wrong(what + " must be a text or a list of texts");
      }
      found.add(each.textValue());
    }
    return found;
  }

  private ImageException wrong(String why) {
    return new ImageException(Kind.MISCONFIGURED, file + ": " + why);
  }
}
