// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.registry.AuthFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where credentials are found when a request brings none.
///
/// @param namespaced a folder in which `NAMESPACE-SHA256.json` is for the pods of one namespace and
///   the image whose name (without tag and digest) has that hash, as CRI-O's credential provider
///   writes it
/// @param global a file for all
public record AuthFiles(Optional<Path> namespaced, Optional<Path> global) {
  public static final AuthFiles NONE = new AuthFiles(Optional.empty(), Optional.empty());
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /// {@return the files for one image, the most specific first}
  List<AuthFile> of(String namespace, ImageReference image) throws ImageException {
    var files = new ArrayList<AuthFile>();
    if (namespaced.isPresent() && NAMESPACE.matcher(namespace).matches()) {
      var hash = Digest.ofSha256(image.name().getBytes(StandardCharsets.UTF_8)).hex();
      var own = namespaced.get().resolve(namespace + "-" + hash + ".json");
      if (Files.exists(own)) {
        files.add(AuthFile.read(own));
      }
    }
    if (global.isPresent()) {
      files.add(AuthFile.read(global.get()));
    }
    return List.copyOf(files);
  }
}
