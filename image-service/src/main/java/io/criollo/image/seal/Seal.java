// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import io.criollo.linux.DirFd;
import io.criollo.linux.FileStat;
import io.criollo.linux.KernelString;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// What an unpacked layer is, file by file, in a file beside it: `zcat seal.gz` shows it. Written
/// once, when the layer has its final form; [SealCheck] compares.
public final class Seal implements TreeWalk.Visitor {
  public static final String FILE = "seal.gz";

  /// Without it the file was cut.
  static final String END = "end";

  private static final int BUFFER = 64 << 10;
  private static final int BLOCK = 512;

  private final OutputStream out;
  private final Sums sums;
  private final DiskContent content = new DiskContent(Pace.full());

  private Seal(OutputStream out, Sums sums) {
    this.out = out;
    this.sums = sums;
  }

  /// Writes the seal of a tree.
  ///
  /// @param tree the layer's root
  /// @param notes what was noted of its files while it was unpacked, if they were not copied since
  /// @param to the file to make
  public static void write(Path tree, Optional<Path> notes, Path to) throws IOException {
    var sums = notes.isPresent() ? Sums.read(notes.get()) : Sums.none();
    try (var out = new BufferedOutputStream(new Fast(Files.newOutputStream(to)), BUFFER)) {
      TreeWalk.of(tree, new Seal(out, sums));
      out.write((END + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// Names repeat themselves so much that the quickest compression takes nine tenths away.
  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  @Override
  public boolean directory(String path, DirFd directory) throws IOException {
    line(FileLine.ofDirectory(path, directory));
    return true;
  }

  @Override
  public boolean file(String path, DirFd parent, String name, FileStat stat) throws IOException {
    var line = FileLine.of(path, parent, name, stat);
    long sum = stat.isRegularFile() ? sum(parent, name, stat) : SumNotes.UNKNOWN;
    line(sum == SumNotes.UNKNOWN ? line : line + FileLine.SUM + FileLine.hex(sum));
    return true;
  }

  /// Holes are not read: a small layer may have petabytes of them.
  private long sum(DirFd parent, String name, FileStat stat) throws IOException {
    long known = sums.of(stat.inode());
    return known != SumNotes.UNKNOWN || stat.blocks() * BLOCK < stat.size()
        ? known
        : content.cachedSum(parent, name, stat.size());
  }

  private void line(String line) throws IOException {
    out.write(KernelString.encode(line));
    out.write('\n');
  }
}
