// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.registry.RegistryRule.Mirror;
import io.criollo.image.registry.RegistryRule.PullFrom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads `registries.conf` version 2 (containers-registries.conf(5)). A later file replaces rules
/// of the same prefix, the search list and the short-name mode, and adds aliases.
final class RegistriesReader {
  private static final long LONGEST = 8 << 20;

  private List<String> search = List.of();
  private ShortNameMode mode = ShortNameMode.ENFORCING;
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, RegistryRule> rules = new LinkedHashMap<>();

  Registries read(Path conf, Path dropIns) throws ImageException {
    try {
      if (Files.exists(conf)) {
        add(conf);
      }
      for (var dropIn : dropIns(dropIns)) {
        add(dropIn);
      }
    } catch (IOException e) {
      throw new ImageException(Kind.MISCONFIGURED, "read registries.conf: " + e, e);
    }
    return new Registries(search, mode, aliases, List.copyOf(rules.values()));
  }

  static List<Path> dropIns(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".conf")).sorted().toList();
    }
  }

  private void add(Path file) throws ImageException, IOException {
    if (Files.size(file) > LONGEST) {
      throw new ImageException(Kind.MISCONFIGURED, file + " is longer than " + LONGEST + " bytes");
    }
    try {
      var text = Files.readString(file);
      add(file, new TomlMapper().readTree(text));
    } catch (JsonProcessingException e) {
      var where = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
      throw new ImageException(Kind.MISCONFIGURED, file + where + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ImageException(Kind.MISCONFIGURED, "read " + file + ": " + e, e);
    }
  }

  private void add(Path file, JsonNode conf) throws ImageException {
    if (conf.has("registries")) {
      throw wrong(file, "is of version 1, write it anew with [[registry]]");
    }
    if (conf.has("unqualified-search-registries")) {
      search = texts(file, conf, "unqualified-search-registries");
    }
    if (conf.has("short-name-mode")) {
      mode =
          ShortNameMode.of(text(file, conf, "short-name-mode"))
              .orElseThrow(
                  () -> wrong(file, "short-name-mode must be enforcing, permissive or disabled"));
    }
    for (var alias : conf.path("aliases").properties()) {
      aliases.put(alias.getKey(), text(file, conf.path("aliases"), alias.getKey()));
    }
    for (var registry : list(file, conf, "registry")) {
      var rule = rule(file, registry);
      rules.put(rule.prefix(), rule);
    }
  }

  private static RegistryRule rule(Path file, JsonNode registry) throws ImageException {
    var location = location(file, registry, "location");
    var prefix = location(file, registry, "prefix");
    if (prefix.isEmpty() && location.isEmpty()) {
      throw wrong(file, "a [[registry]] has neither prefix nor location");
    }
    var wildcard = prefix.startsWith("*.");
    var byDigest = flag(file, registry, "mirror-by-digest-only");
    var mirrors = new ArrayList<Mirror>();
    for (var mirror : list(file, registry, "mirror")) {
      mirrors.add(mirror(file, mirror, byDigest));
    }
    return new RegistryRule(
        prefix.isEmpty() ? location : prefix,
        location.isEmpty() && !wildcard ? prefix : location,
        flag(file, registry, "insecure"),
        flag(file, registry, "blocked"),
        List.copyOf(mirrors));
  }

  private static Mirror mirror(Path file, JsonNode mirror, boolean byDigest) throws ImageException {
    var location = location(file, mirror, "location");
    if (location.isEmpty()) {
      throw wrong(file, "a [[registry.mirror]] has no location");
    }
    var from =
        switch (text(file, mirror, "pull-from-mirror")) {
          case "", "all" -> byDigest ? PullFrom.DIGEST_ONLY : PullFrom.ALL;
          case "digest-only" -> PullFrom.DIGEST_ONLY;
          case "tag-only" -> PullFrom.TAG_ONLY;
          case String other -> throw wrong(file, "pull-from-mirror is unknown: " + other);
        };
    return new Mirror(location, flag(file, mirror, "insecure"), from);
  }

  private static String location(Path file, JsonNode node, String key) throws ImageException {
    var location = text(file, node, key);
    if (location.contains("://")) {
      throw wrong(file, key + " must not have a scheme: " + location + " (see insecure)");
    }
    return location.replaceAll("/+$", "");
  }

  private static JsonNode list(Path file, JsonNode node, String key) throws ImageException {
    var list = node.path(key);
    if (!list.isMissingNode() && !list.isArray()) {
      throw wrong(file, key + " must be written [[" + key + "]]");
    }
    for (var item : list) {
      if (!item.isObject()) {
        throw wrong(file, key + " must be a list of tables");
      }
    }
    return list;
  }

  private static List<String> texts(Path file, JsonNode node, String key) throws ImageException {
    var found = new ArrayList<String>();
    if (!node.path(key).isArray()) {
      throw wrong(file, key + " must be a list");
    }
    for (var item : node.path(key)) {
      if (!item.isTextual()) {
        throw wrong(file, key + " must hold texts");
      }
      found.add(item.textValue().replaceAll("/+$", ""));
    }
    return found;
  }

  private static String text(Path file, JsonNode node, String key) throws ImageException {
    var value = node.path(key);
    if (!value.isMissingNode() && !value.isTextual()) {
      throw wrong(file, key + " must be a text");
    }
    return value.asText("");
  }

  private static boolean flag(Path file, JsonNode node, String key) throws ImageException {
    var value = node.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong(file, key + " must be true or false");
    }
    return value.asBoolean(false);
  }

  private static ImageException wrong(Path file, String why) {
    return new ImageException(Kind.MISCONFIGURED, file + ": " + why);
  }
}
