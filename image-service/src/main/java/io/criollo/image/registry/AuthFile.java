// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Credentials of an `auth.json` or Docker `config.json` (containers-auth.json(5)), most specific
/// name first: a credential helper for the registry, then those in the file, then the helper for
/// all.
public final class AuthFile {
  private static final long LONGEST = 1 << 20;

  private final Path file;
  private final Map<String, JsonNode> entries = new HashMap<>();
  private final Map<String, String> helpers = new HashMap<>();
  private final String helperForAll;
  private final CredentialHelper helper;

  private AuthFile(Path file, JsonNode content, CredentialHelper helper) {
    this.file = file;
    this.helper = helper;
    for (var entry : content.path("auths").properties()) {
      entries.put(bare(entry.getKey()), entry.getValue());
    }
    for (var entry : content.path("credHelpers").properties()) {
      helpers.put(bare(entry.getKey()), entry.getValue().asText(""));
    }
    helperForAll = content.path("credsStore").asText("");
  }

  /// {@return the credentials of a file; a missing file has none}
  public static AuthFile read(Path file) throws ImageException {
    return read(file, CredentialHelper.ofSystem());
  }

  static AuthFile read(Path file, CredentialHelper helper) throws ImageException {
    try {
      if (!Files.exists(file)) {
        return new AuthFile(file, JsonNodeFactory.instance.objectNode(), helper);
      }
      if (Files.size(file) > LONGEST) {
        throw new ImageException(Kind.MISCONFIGURED, file + " is longer than " + LONGEST);
      }
      return new AuthFile(file, new JsonMapper().readTree(Files.readAllBytes(file)), helper);
    } catch (JsonProcessingException e) {
      // the message of the parser would quote the file, and with it a password
      throw new ImageException(Kind.MISCONFIGURED, file + " is not JSON");
    } catch (IOException e) {
      throw new ImageException(Kind.MISCONFIGURED, "read " + file + ": " + e, e);
    }
  }

  /// {@return the credentials for an image name}
  Optional<Secret> find(ImageReference reference) throws ImageException, InterruptedException {
    for (var key : keys(reference)) {
      var own = helpers.get(key);
      if (own != null) {
        var found = helper.ask(own, key);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    var own = inFile(reference);
    return own.isPresent() || helperForAll.isEmpty()
        ? own
        : helper.ask(helperForAll, server(reference));
  }

  /// Docker's own registry is known to helpers by the URL that Docker uses.
  private static String server(ImageReference reference) {
    return reference.domain().equals("docker.io")
        ? "https://index.docker.io/v1/"
        : reference.domain();
  }

  private Optional<Secret> inFile(ImageReference reference) throws ImageException {
    for (var key : keys(reference)) {
      var entry = entries.get(key);
      if (entry != null) {
        return secret(key, entry);
      }
    }
    return Optional.empty();
  }

  private static List<String> keys(ImageReference reference) {
    var keys = new ArrayList<String>();
    for (var name = reference.name(); name.indexOf('/') > 0; ) {
      keys.add(name);
      name = name.substring(0, name.lastIndexOf('/'));
    }
    keys.add(reference.domain());
    if (reference.domain().equals("docker.io")) {
      keys.add("index.docker.io");
    }
    return keys;
  }

  private Optional<Secret> secret(String key, JsonNode entry) throws ImageException {
    try {
      return Secret.of(
          new Credentials(
              entry.path("username").asText(""),
              entry.path("password").asText(""),
              entry.path("auth").asText(""),
              "",
              entry.path("identitytoken").asText(""),
              entry.path("registrytoken").asText("")));
    } catch (ImageException e) {
      throw new ImageException(Kind.MISCONFIGURED, file + ": " + key + ": " + e.getMessage(), e);
    }
  }

  /// Docker writes keys as URLs, `https://index.docker.io/v1/`.
  static String bare(String key) {
    return key.replaceFirst("^https?://", "").replaceFirst("/(v1|v2)?/?$", "");
  }
}
