// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.images;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.criollo.cri.v1.AuthConfig;
import io.criollo.cri.v1.Image;
import io.criollo.cri.v1.Int64Value;
import io.criollo.image.manifest.ArtifactDocument;
import io.criollo.image.manifest.ImageConfig;
import io.criollo.image.registry.Credentials;
import java.util.Map;
import java.util.Optional;

/// Images as clients see them, credentials as the image store wants them.
final class ImageMessages {
  private static final long LARGEST_UID = Integer.MAX_VALUE;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ImageMessages() {}

  static Image image(io.criollo.image.Image image) {
    var message =
        Image.newBuilder()
            .setId(image.id().digest())
            .addAllRepoTags(image.repoTags())
            .addAllRepoDigests(image.repoDigests())
            .setSize(image.size())
            .setPinned(image.pinned());
    user(image.config().user(), message);
    return message.build();
  }

  static Optional<Credentials> credentials(AuthConfig auth) {
    if (auth.equals(AuthConfig.getDefaultInstance())) {
      return Optional.empty();
    }
    return Optional.of(
        new Credentials(
            auth.getUsername(),
            auth.getPassword(),
            auth.getAuth(),
            auth.getServerAddress(),
            auth.getIdentityToken(),
            auth.getRegistryToken()));
  }

  /// {@return one entry, {@code info}: the image's configuration in the form of an OCI image, for
  /// crictl; an artifact's files too}
  static Map<String, String> info(io.criollo.image.Image image) {
    var info = MAPPER.createObjectNode();
    image.artifact().ifPresent(artifact -> artifact(artifact, info.putObject("artifact")));
    var spec = info.putObject("imageSpec");
    spec.put("architecture", image.config().architecture());
    spec.put("os", image.config().os());
    config(image.config(), spec.putObject("config"));
    return Map.of("info", info.toString());
  }

  private static void artifact(ArtifactDocument artifact, ObjectNode into) {
    into.put("type", artifact.type());
    var files = into.putArray("files");
    for (var file : artifact.files()) {
      var blob = file.blob();
      files
          .addObject()
          .put("path", file.path())
          .put("mediaType", blob.mediaType())
          .put("digest", blob.digest().toString())
          .put("size", blob.size());
    }
  }

  private static void config(ImageConfig config, ObjectNode into) {
    into.put("User", config.user());
    config.env().forEach(into.putArray("Env")::add);
    config.entrypoint().forEach(into.putArray("Entrypoint")::add);
    config.cmd().forEach(into.putArray("Cmd")::add);
    into.put("WorkingDir", config.workingDir());
    config.labels().forEach(into.putObject("Labels")::put);
    config.stopSignal().ifPresent(signal -> into.put("StopSignal", signal));
  }

  /// A number or a name, never both (CRI, Image.uid).
  private static void user(String user, Image.Builder message) {
    var name = user.contains(":") ? user.substring(0, user.indexOf(':')) : user;
    if (name.isEmpty()) {
      return;
    }
    if (name.length() <= 10 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      long uid = Long.parseLong(name);
      if (uid <= LARGEST_UID) {
        message.setUid(Int64Value.newBuilder().setValue(uid));
        return;
      }
    }
    message.setUsername(name);
  }
}
