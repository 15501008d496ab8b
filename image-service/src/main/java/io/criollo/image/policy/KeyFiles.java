// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Keys or certificates that a policy names: files, and what stands in the policy itself.
public record KeyFiles(List<Path> paths, List<byte[]> data) {
  private static final long LONGEST = 4 << 20;

  public KeyFiles {
    paths = List.copyOf(paths);
    data = List.copyOf(data);
  }

  boolean isEmpty() {
    return paths.isEmpty() && data.isEmpty();
  }

  /// {@return the content of all; a file that cannot be read makes the policy useless}
  List<byte[]> read() throws ImageException {
    var all = new ArrayList<>(data);
    for (var path : paths) {
      try {
        if (Files.size(path) > LONGEST) {
          throw new IOException("is longer than " + LONGEST + " bytes");
        }
        all.add(Files.readAllBytes(path));
      } catch (IOException e) {
        throw new ImageException(Kind.MISCONFIGURED, "read key of the signature policy: " + e, e);
      }
    }
    return all;
  }
}
