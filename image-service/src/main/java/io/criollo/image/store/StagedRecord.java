// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.unpack.LayerUnpacker.Unpacked;
import io.criollo.linux.KernelString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// A staged layer as its file has it. Its tree is not synced, so it counts only until the machine
/// boots again.
///
/// @param implied paths of directories in base64, for names are bytes
record StagedRecord(
    int version,
    String boot,
    String chainId,
    String diffId,
    long bytes,
    long inodes,
    boolean opaque,
    List<String> implied) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  static StagedRecord of(StagedLayer layer) throws IOException {
    var unpacked = layer.unpacked();
    var encoder = Base64.getEncoder();
    return new StagedRecord(
        StoreFiles.VERSION,
        currentBoot(),
        layer.chainId().toString(),
        layer.diffId().toString(),
        unpacked.bytes(),
        unpacked.inodes(),
        unpacked.opaque(),
        unpacked.implied().stream()
            .map(path -> encoder.encodeToString(KernelString.encode(path)))
            .toList());
  }

  /// {@return the layer in a folder, if it is one of this boot}
  Optional<StagedLayer> in(Path folder) throws IOException {
    try {
      if (version != StoreFiles.VERSION || !currentBoot().equals(boot)) {
        return Optional.empty();
      }
      var paths = new HashSet<String>();
      for (var path : implied) {
        paths.add(KernelString.decode(Base64.getDecoder().decode(path)));
      }
      return Optional.of(
          new StagedLayer(
              folder,
              LayerStore.digest(chainId),
              LayerStore.digest(diffId),
              new Unpacked(bytes, inodes, paths, opaque)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NullPointerException foreign) {
      return Optional.empty();
    }
  }

  private static String currentBoot() throws IOException {
    return Files.readString(BOOT).strip();
  }
}
