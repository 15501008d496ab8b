// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// An image of any size made of what is under `/usr`: programs, libraries, text and links in the
/// mixture that real images have. What is missing comes from a second round under other names.
public final class LargeImage {
  private static final Path USR = Path.of("/usr");
  private static final long LARGEST_FILE = 16_000_000; // layers come out alike

  private final long layerSize;
  private final List<Layer> layers = new ArrayList<>();
  private Archive archive = new Archive();
  private Set<String> folders = new HashSet<>();
  private long inLayer;
  private long files;
  private long bytes;

  private LargeImage(long layerSize) {
    this.layerSize = layerSize;
  }

  /// How large an image became.
  ///
  /// @param bytes content of its files
  /// @param packed bytes of its layers as they travel
  public record Size(int layers, long files, long bytes, long packed) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d layers, %d files, %.0f MB, %.0f MB packed",
          layers,
          files,
          bytes / 1e6,
          packed / 1e6);
    }
  }

  /// Makes and pushes one as `NAME:latest`.
  public static Size push(Repository repository, String name, int layers, long bytes)
      throws IOException {
    var image = new LargeImage(bytes / layers);
    var sources = sources();
    for (int round = 0; image.layers.size() < layers; round++) {
      var prefix = round == 0 ? "" : "round" + round + "/";
      for (var source : sources) {
        if (image.layers.size() < layers) {
          image.add(prefix, source);
        }
      }
    }
    repository.push(name, "latest", new TestImage(image.layers, Map.of("Cmd", List.of("sh"))));
    long packed = image.layers.stream().mapToLong(layer -> layer.blob().bytes().length).sum();
    return new Size(layers, image.files, image.bytes, packed);
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> tree = Files.walk(USR)) {
      return tree.filter(path -> Files.isSymbolicLink(path) || isSmallFile(path)).sorted().toList();
    }
  }

  private static boolean isSmallFile(Path path) {
    return Files.isRegularFile(path)
        && Files.isReadable(path)
        && path.toFile().length() <= LARGEST_FILE;
  }

  private void add(String prefix, Path source) throws IOException {
    var name = prefix + source.toString().substring(1);
    addFolders(name);
    if (Files.isSymbolicLink(source)) {
      archive.symbolicLink(name, Files.readSymbolicLink(source).toString());
    } else {
      var content = Files.readAllBytes(source);
      archive.file(name, mode(source), content);
      inLayer += content.length;
    }
    files++;
    if (inLayer >= layerSize) {
      layers.add(Compression.GZIP.layer(archive.finish()));
      bytes += inLayer;
      inLayer = 0;
      archive = new Archive();
      folders = new HashSet<>();
    }
  }

  private void addFolders(String name) throws IOException {
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      var folder = name.substring(0, slash);
      if (folders.add(folder)) {
        archive.folder(folder, 0755);
      }
    }
  }

  private static int mode(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:mode") & 07777;
  }
}
