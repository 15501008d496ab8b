// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Checksums that were noted while a layer was unpacked, by inode, in two arrays instead of a map
/// of objects: a layer may have a million files.
final class Sums {
  private static final int PAIR = 2 * Long.BYTES;

  private final long[] inodes;
  private final long[] sums;

  private Sums(int count) {
    int slots = Integer.highestOneBit(Math.max(count, 1)) << 2;
    inodes = new long[slots]; // no file has inode 0
    sums = new long[slots];
  }

  static Sums none() {
    return new Sums(0);
  }

  static Sums read(Path notes) throws IOException {
    var sums = new Sums((int) (Files.size(notes) / PAIR));
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(notes)))) {
      for (long left = Files.size(notes) / PAIR; left > 0; left--) {
        sums.put(in.readLong(), in.readLong());
      }
    }
    return sums;
  }

  private void put(long inode, long sum) {
    int slot = slot(inode);
    inodes[slot] = inode;
    sums[slot] = sum;
  }

  /// {@return the sum of a file, or [SumNotes#UNKNOWN]}
  long of(long inode) {
    int slot = slot(inode);
    return inodes[slot] == inode ? sums[slot] : SumNotes.UNKNOWN;
  }

  /// {@return where an inode is, or the free place for it}
  private int slot(long inode) {
    int slot = Long.hashCode(inode * 0x9E3779B97F4A7C15L) & (inodes.length - 1);
    while (inodes[slot] != 0 && inodes[slot] != inode) {
      slot = (slot + 1) & (inodes.length - 1);
    }
    return slot;
  }
}
