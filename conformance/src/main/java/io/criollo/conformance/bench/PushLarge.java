// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import io.criollo.conformance.images.LargeImage;
import io.criollo.conformance.images.Repository;
import java.io.IOException;
import java.net.URI;

/// `PushLarge [--layers=10] [--megabytes=600] REGISTRY NAME`: makes a large gzip image of the
/// node's own files and pushes it as `NAME:latest` to a registry, such as `127.0.0.1:5000`. In a
/// process of its own, because it takes much memory.
public final class PushLarge {
  private PushLarge() {}

  public static void main(String[] args) throws IOException {
    var options = new Options(args);
    if (options.words().size() != 2) {
      System.err.println("usage: [--layers=10] [--megabytes=600] REGISTRY NAME");
      System.exit(2);
    }
    var registry = new Repository(URI.create("http://" + options.words().getFirst() + "/"));
    long begin = System.nanoTime();
    var size =
        LargeImage.push(
            registry,
            options.words().getLast(),
            options.number("layers", 10),
            options.number("megabytes", 600) * 1_000_000L);
    System.out.printf("%s, made in %d s%n", size, (System.nanoTime() - begin) / 1_000_000_000);
  }
}
