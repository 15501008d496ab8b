// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.unpack.LayerUnpacker.Unpacked;
import io.criollo.image.unpack.Pending;
import io.criollo.image.unpack.Pending.Link;
import io.criollo.linux.KernelString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// A staged layer as its file has it. Its tree is not synced, so it counts only until the machine
/// boots again.
///
/// @param implied paths of directories in base64, for names are bytes; those of links too
record StagedRecord(
    int version,
    String boot,
    String chainId,
    String diffId,
    long bytes,
    long inodes,
    boolean opaque,
    List<String> implied,
    List<Link> links,
    List<String> whiteouts) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /// Empty lists are not in the file.
  StagedRecord {
    implied = Objects.requireNonNullElse(implied, List.of());
    links = Objects.requireNonNullElse(links, List.of());
    whiteouts = Objects.requireNonNullElse(whiteouts, List.of());
  }

  static StagedRecord of(StagedLayer layer) throws IOException {
    var unpacked = layer.unpacked();
    return new StagedRecord(
        StoreFiles.VERSION,
        currentBoot(),
        layer.chainId().toString(),
        layer.diffId().toString(),
        unpacked.bytes(),
        unpacked.inodes(),
        unpacked.opaque(),
        unpacked.pending().implied().stream().map(StagedRecord::encoded).toList(),
        unpacked.pending().links().stream()
            .map(link -> new Link(encoded(link.path()), encoded(link.target())))
            .toList(),
        unpacked.pending().whiteouts().stream().map(StagedRecord::encoded).toList());
  }

  private static String encoded(String path) {
    return Base64.getEncoder().encodeToString(KernelString.encode(path));
  }

  private static String decoded(String path) {
    return KernelString.decode(Base64.getDecoder().decode(path));
  }

  /// {@return the layer in a folder, if it is one of this boot}
  Optional<StagedLayer> in(Path folder) throws IOException {
    try {
      if (version != StoreFiles.VERSION || !currentBoot().equals(boot)) {
        return Optional.empty();
      }
      var paths = implied.stream().map(StagedRecord::decoded).collect(Collectors.toSet());
      var gone = whiteouts.stream().map(StagedRecord::decoded).toList();
      var foreign =
          links.stream().map(l -> new Link(decoded(l.path()), decoded(l.target()))).toList();
      return Optional.of(
          new StagedLayer(
              folder,
              Digest.parse(chainId),
              Digest.parse(diffId),
              new Unpacked(bytes, inodes, new Pending(paths, foreign, gone), opaque)));
    } catch (ImageException | IllegalArgumentException | NullPointerException broken) {
      return Optional.empty();
    }
  }

  static String currentBoot() throws IOException {
    return Files.readString(BOOT).strip();
  }
}
