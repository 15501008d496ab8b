// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/// `Main ADDRESS [BUSYBOX]`: pushes the test images to the registry at ADDRESS (`host:port`, plain
/// HTTP); with the path of a full busybox, those of critest too.
public final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    try (var repository = new Repository(URI.create("http://" + args[0] + "/"))) {
      TestImages.push(repository, Path.of("/bin/busybox"));
      if (args.length > 1) {
        new CritestImages(repository, Path.of(args[1])).pushAll();
      }
    }
  }
}
