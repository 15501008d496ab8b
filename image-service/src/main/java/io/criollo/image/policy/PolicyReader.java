// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.json.Json;
import io.criollo.image.policy.Requirement.AcceptAnything;
import io.criollo.image.policy.Requirement.Reject;
import io.criollo.image.policy.Requirement.SignedBaseLayer;
import io.criollo.image.policy.Requirement.SignedBy;
import io.criollo.image.policy.Requirement.SigstoreSigned;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads `policy.json` (containers-policy.json(5)). What is not known is refused: a condition that
/// was misread would let images in that nobody wants.
final class PolicyReader {
  private static final int MOST = 10_000;

  private PolicyReader() {}

  static Policy read(byte[] content) throws ImageException {
    var json = Json.read("signature policy", content);
    json.only(List.of("default", "transports"));
    if (!json.has("default")) {
      throw json.wrong("default", "is missing");
    }
    var scopes = new HashMap<String, List<Requirement>>();
    var transports = json.object("transports");
    for (var transport : transports.keys()) {
      var of = transports.object(transport);
      for (var scope : of.keys()) {
        var requirements = requirements(of, scope);
        if (transport.equals("docker")) {
          scopes.put(checked(of, scope), requirements);
        }
      }
    }
    return new Policy(requirements(json, "default"), scopes);
  }

  private static String checked(Json json, String scope) throws ImageException {
    if (scope.isEmpty() || (scope.startsWith("*.") && scope.indexOf('/') < 0)) {
      return scope;
    }
    var host = scope.indexOf('/') < 0;
    try {
      var name = host ? scope + "/x" : scope;
      if (!ImageReference.parse(name).toString().startsWith(name)) {
        throw json.wrong(scope, "is not a scope: it must begin with a host");
      }
    } catch (ImageException e) {
      throw new ImageException(Kind.MISCONFIGURED, "signature policy: scope " + e.getMessage(), e);
    }
    return scope;
  }

  private static List<Requirement> requirements(Json json, String field) throws ImageException {
    var all = new ArrayList<Requirement>();
    for (var requirement : json.objects(field, MOST)) {
      all.add(requirement(requirement));
    }
    if (all.isEmpty()) {
      throw json.wrong(field, "has no requirement");
    }
    return all;
  }

  private static Requirement requirement(Json json) throws ImageException {
    return switch (json.text("type")) {
      case "insecureAcceptAnything" -> {
        json.only(List.of("type"));
        yield new AcceptAnything();
      }
      case "reject" -> {
        json.only(List.of("type"));
        yield new Reject();
      }
      case "signedBy" -> signedBy(json);
      case "sigstoreSigned" -> new SigstoreSigned(SigstoreTrust.read(json), identity(json));
      case "signedBaseLayer" -> {
        json.only(List.of("type", "baseLayerIdentity"));
        if (!json.has("baseLayerIdentity")) {
          throw json.wrong("baseLayerIdentity", "is missing");
        }
        yield new SignedBaseLayer(matching(json.object("baseLayerIdentity")));
      }
      case String other -> throw json.wrong("type", "is not known: \"" + other + '"');
    };
  }

  private static SignedBy signedBy(Json json) throws ImageException {
    json.only(List.of("type", "keyType", "keyPath", "keyPaths", "keyData", "signedIdentity"));
    if (!json.text("keyType").equals("GPGKeys")) {
      throw json.wrong("keyType", "must be GPGKeys");
    }
    return new SignedBy(oneSource(json, "key"), identity(json));
  }

  /// {@return what exactly one of `KEYPath`, `KEYPaths`, `KEYData` and `KEYDatas` names}
  static KeyFiles oneSource(Json json, String key) throws ImageException {
    var found = source(json, key);
    if (found.isEmpty()) {
      throw json.wrong(key + "Path", "is missing, and so is any other source of the key");
    }
    return found;
  }

  /// {@return what at most one of these names}
  static KeyFiles source(Json json, String key) throws ImageException {
    var given = 0;
    for (var suffix : List.of("Path", "Paths", "Data", "Datas")) {
      given += json.has(key + suffix) ? 1 : 0;
    }
    if (given > 1) {
      throw json.wrong(key + "Path", "is not the only source of the key");
    }
    var paths = new ArrayList<>(json.texts(key + "Paths", MOST));
    var data = new ArrayList<>(json.texts(key + "Datas", MOST));
    if (json.has(key + "Path")) {
      paths.add(json.required(key + "Path"));
    }
    if (json.has(key + "Data")) {
      data.add(json.required(key + "Data"));
    }
    var decoded = new ArrayList<byte[]>();
    for (var each : data) {
      try {
        decoded.add(Base64.getDecoder().decode(each));
      } catch (IllegalArgumentException e) {
        throw json.wrong(key + "Data", "is not base64");
      }
    }
    return new KeyFiles(paths.stream().map(Path::of).toList(), decoded);
  }

  private static Identity identity(Json json) throws ImageException {
    if (!json.has("signedIdentity")) {
      return new Identity.RepositoryDigestOrExact();
    }
    return matching(json.object("signedIdentity"));
  }

  private static Identity matching(Json identity) throws ImageException {
    var type = identity.text("type");
    var fields = FIELDS.get(type);
    if (fields == null) {
      throw identity.wrong("type", "is not known: \"" + type + '"');
    }
    identity.only(fields);
    return switch (type) {
      case "matchExact" -> new Identity.Exact();
      case "matchRepository" -> new Identity.Repository();
      case "exactReference" -> new Identity.ExactReference(identity.required("dockerReference"));
      case "exactRepository" -> new Identity.ExactRepository(identity.required("dockerRepository"));
      case "remapIdentity" ->
          new Identity.Remapped(identity.required("prefix"), identity.required("signedPrefix"));
      default -> new Identity.RepositoryDigestOrExact();
    };
  }

  private static final Map<String, List<String>> FIELDS =
      Map.of(
          "matchExact", List.of("type"),
          "matchRepoDigestOrExact", List.of("type"),
          "matchRepository", List.of("type"),
          "exactReference", List.of("type", "dockerReference"),
          "exactRepository", List.of("type", "dockerRepository"),
          "remapIdentity", List.of("type", "prefix", "signedPrefix"));
}
