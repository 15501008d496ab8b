// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where policies stand. They are read anew for each check, so that a change needs no restart.
///
/// @param usual the system's file; without it anything is accepted
/// @param named the operator's own file, which must be there
/// @param namespaced a folder in which `NAMESPACE.json` is for the pods of one namespace
public record PolicyFiles(Path usual, Optional<Path> named, Optional<Path> namespaced) {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final long LONGEST = 4 << 20;

  /// {@return the policy for the pods of a namespace}
  ///
  /// @throws ImageException MISCONFIGURED when its file cannot be read: nothing is accepted then
  public Policy of(String namespace) throws ImageException {
    if (namespaced.isPresent() && NAMESPACE.matcher(namespace).matches()) {
      var own = namespaced.get().resolve(namespace + ".json");
      if (Files.exists(own)) {
        return read(own);
      }
    }
    if (named.isPresent()) {
      return read(named.get());
    }
    return Files.exists(usual) ? read(usual) : Policy.NONE;
  }

  private static Policy read(Path file) throws ImageException {
    try {
      if (Files.size(file) > LONGEST) {
        throw new IOException("it is longer than " + LONGEST + " bytes");
      }
      return PolicyReader.read(Files.readAllBytes(file));
    } catch (ImageException e) {
      throw new ImageException(Kind.MISCONFIGURED, file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ImageException(Kind.MISCONFIGURED, "read signature policy: " + e, e);
    }
  }
}
