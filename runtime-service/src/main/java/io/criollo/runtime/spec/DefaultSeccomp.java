// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The profile that an operator has in place of the built-in one.
public final class DefaultSeccomp {
  private final SeccompProfile profile;

  private DefaultSeccomp(SeccompProfile profile) {
    this.profile = profile;
  }

  /// Reads a profile in JSON.
  ///
  /// @throws IOException when the file cannot be read, or is no profile
  public static DefaultSeccomp read(Path file) throws IOException {
    return new DefaultSeccomp(SeccompProfile.parse(Files.readAllBytes(file)));
  }

  SeccompProfile profile() {
    return profile;
  }
}
