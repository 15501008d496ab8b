// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.image.unpack.TarEntry.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a sparse file has data: GNU's old format, and PAX formats 0.0, 0.1 and 1.0 (GNU tar
/// manual, "Sparse Formats").
record SparseMap(long size, List<Extent> extents) {
  private static final int MOST = 1 << 16;

  /// {@return the map of a sparse entry}, whose data follows next in the stream; empty for an
  /// ordinary file
  static Optional<SparseMap> read(TarHeader header, byte[] block, PaxRecords pax, BlockReader in)
      throws IOException {
    if (header.type() == 'S') {
      return Optional.of(oldGnu(block, in));
    }
    if (pax.number("GNU.sparse.major", 0) == 1) {
      var size = pax.number("GNU.sparse.realsize", in.left());
      return Optional.of(checked(size, pax1(in), in));
    }
    var map = pax.text("GNU.sparse.map");
    var pairs = map.isPresent() ? List.of(map.get().split(",", MOST * 2)) : pax.sparsePairs();
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    var numbers = new ArrayList<Long>();
    for (var number : pairs) {
      numbers.add(PaxRecords.decimal("sparse map", number));
    }
    var size = pax.number("GNU.sparse.size", pax.number("GNU.sparse.realsize", in.left()));
    return Optional.of(checked(size, numbers, in));
  }

  private static SparseMap oldGnu(byte[] header, BlockReader in) throws IOException {
    var stored = in.left();
    var numbers = new ArrayList<Long>();
    add(numbers, header, 386, 4);
    var more = header[482] != 0;
    while (more) {
      var block = in.block();
      if (block.isEmpty() || numbers.size() > 2 * MOST) {
        throw Corrupt.because("sparse map does not end");
      }
      add(numbers, block.get(), 0, 21);
      more = block.get()[504] != 0;
    }
    in.startContent(stored);
    return checked(TarHeader.sparseNumber(header, 483), numbers, in);
  }

  private static void add(List<Long> numbers, byte[] block, int at, int count) throws Corrupt {
    for (int i = 0; i < count && block[at + 24 * i] != 0; i++) {
      numbers.add(TarHeader.sparseNumber(block, at + 24 * i));
      numbers.add(TarHeader.sparseNumber(block, at + 24 * i + 12));
    }
  }

  /// Format 1.0 puts the map before the data: lines of numbers, filled up to a whole block.
  private static List<Long> pax1(BlockReader in) throws IOException {
    var lines = new Lines(in);
    var count = lines.next();
    if (count > MOST) {
      throw Corrupt.tooLarge("sparse map has more than " + MOST + " extents");
    }
    var numbers = new ArrayList<Long>();
    for (int i = 0; i < 2 * count; i++) {
      numbers.add(lines.next());
    }
    return numbers;
  }

  private static final class Lines {
    private final BlockReader in;
    private final ByteBuffer block = ByteBuffer.allocate(TarHeader.BLOCK).limit(0);

    Lines(BlockReader in) {
      this.in = in;
    }

    long next() throws IOException {
      var line = new StringBuilder();
      while (true) {
        if (!block.hasRemaining()) {
          in.readFully(block.clear());
          block.flip();
        }
        var c = (char) (block.get() & 0xff);
        if (c == '\n') {
          return PaxRecords.decimal("sparse map", line.toString());
        }
        if (line.append(c).length() > 20) {
          throw Corrupt.because("sparse map has no number");
        }
      }
    }
  }

  private static SparseMap checked(long size, List<Long> numbers, BlockReader in) throws Corrupt {
    var extents = new ArrayList<Extent>();
    var end = 0L;
    var data = 0L;
    for (int i = 0; i + 1 < numbers.size(); i += 2) {
      var extent = new Extent(numbers.get(i), numbers.get(i + 1));
      if (extent.offset() < end
          || extent.length() < 0
          || extent.length() > size - extent.offset()) {
        throw Corrupt.because("sparse map has extents out of order or beyond the file");
      }
      end = extent.offset() + extent.length();
      data += extent.length();
      extents.add(extent);
    }
    if (numbers.size() % 2 != 0 || data != in.left() || extents.size() > MOST) {
      throw Corrupt.because("sparse map does not fit the data");
    }
    return new SparseMap(size, List.copyOf(extents));
  }
}
