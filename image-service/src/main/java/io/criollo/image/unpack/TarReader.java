// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.image.unpack.TarEntry.Attributes;
import io.criollo.image.unpack.TarEntry.Extent;
import io.criollo.image.unpack.TarEntry.Kind;
import io.criollo.linux.KernelString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads a tar stream: ustar, PAX, GNU long names and sparse files, V7. Every length is checked
/// before memory is taken for it. One thread; does not own the stream below.
final class TarReader {
  private static final int LONGEST_PAX = 1 << 20;
  private static final int LONGEST_NAME = 4096;
  private static final long LARGEST_ID = 0xFFFF_FFFEL;

  private final BlockReader in;
  private final long mostEntries;
  private long entries;

  TarReader(BlockReader in, long mostEntries) {
    this.in = in;
    this.mostEntries = mostEntries;
  }

  /// What headers before an entry say about it.
  private record Before(PaxRecords pax, Optional<String> name, Optional<String> link) {
    static final Before NOTHING = new Before(PaxRecords.NONE, Optional.empty(), Optional.empty());

    boolean isPending() {
      return !pax.isEmpty() || name.isPresent() || link.isPresent();
    }
  }

  /// {@return the next entry, its content unread; empty at the end of the archive}
  Optional<TarEntry> next() throws IOException {
    in.skipRest();
    var before = Before.NOTHING;
    while (true) {
      var block = in.block();
      if (block.isEmpty() || isZero(block.get())) {
        if (before.isPending()) {
          throw Corrupt.because("tar archive ends within an entry's headers");
        }
        end(block.isPresent());
        return Optional.empty();
      }
      if (++entries > mostEntries) {
        throw Corrupt.tooLarge("layer has more than " + mostEntries + " entries");
      }
      var header = TarHeader.of(block.get());
      switch (header.type()) {
        case 'x', 'X' ->
            before =
                new Before(
                    PaxRecords.parse(content(header, LONGEST_PAX)), before.name(), before.link());
        case 'L' -> before = new Before(before.pax(), longName(header), before.link());
        case 'K' -> before = new Before(before.pax(), before.name(), longName(header));
        case 'g', 'V' -> content(header, LONGEST_PAX);
        default -> {
          return Optional.of(entry(header, block.get(), before));
        }
      }
    }
  }

  /// Reads content of the current entry, in the order of its extents.
  ///
  /// @return bytes read, -1 at the end of the content
  int read(ByteBuffer into) throws IOException {
    return in.read(into);
  }

  private static boolean isZero(byte[] block) {
    for (var b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void end(boolean byZeroBlock) throws IOException {
    if (byZeroBlock) {
      var second = in.block();
      if (second.isPresent() && !isZero(second.get())) {
        throw Corrupt.because("tar archive goes on after a block of zeros");
      }
    }
  }

  private byte[] content(TarHeader header, int longest) throws IOException {
    var size = header.size();
    if (size < 0 || size > longest) {
      throw Corrupt.tooLarge("tar header extension is longer than " + longest + " bytes");
    }
    in.startContent(size);
    var content = new byte[(int) size];
    in.readFully(ByteBuffer.wrap(content));
    in.skipRest();
    return content;
  }

  private Optional<String> longName(TarHeader header) throws IOException {
    var content = content(header, LONGEST_NAME + 1);
    var end = 0;
    while (end < content.length && content[end] != 0) {
      end++;
    }
    return Optional.of(KernelString.decode(Arrays.copyOf(content, end)));
  }

  private TarEntry entry(TarHeader header, byte[] block, Before before) throws IOException {
    var pax = before.pax();
    var named =
        pax.name("path").or(before::name).orElseGet(() -> KernelString.decode(header.name()));
    var name = pax.name("GNU.sparse.name").orElse(named);
    var link =
        pax.name("linkpath").or(before::link).orElseGet(() -> KernelString.decode(header.link()));
    if (name.length() > LONGEST_NAME || link.length() > LONGEST_NAME) {
      throw Corrupt.tooLarge("tar entry's name is longer than " + LONGEST_NAME + " bytes");
    }
    var kind = kind(header, name);
    var stored = kind instanceof Kind.File ? pax.number("size", header.size()) : 0;
    if (stored < 0) {
      throw Corrupt.because("tar entry's size is negative: " + name);
    }
    in.startContent(stored);
    var sparse = SparseMap.read(header, block, pax, in);
    var size = sparse.map(SparseMap::size).orElse(stored);
    var extents = sparse.map(SparseMap::extents).orElseGet(() -> List.of(new Extent(0, stored)));
    return new TarEntry(name, kind, link, size, extents, attributes(header, pax));
  }

  private static Kind kind(TarHeader header, String name) throws Corrupt {
    return switch (header.type()) {
      case '0', '\0', '7', 'S' ->
          header.type() == '\0' && name.endsWith("/") ? new Kind.Directory() : new Kind.File();
      case '1' -> new Kind.Hardlink();
      case '2' -> new Kind.Symlink();
      case '3' -> device(header, false);
      case '4' -> device(header, true);
      case '5' -> new Kind.Directory();
      case '6' -> new Kind.Fifo();
      default -> throw Corrupt.because("tar entry type " + (int) header.type() + " is not known");
    };
  }

  private static Kind device(TarHeader header, boolean block) throws Corrupt {
    var major = header.major();
    var minor = header.minor();
    if (major < 0 || major > 0xFFF || minor < 0 || minor > 0xFFFFF) {
      throw Corrupt.because("device number " + major + ":" + minor + " is out of range");
    }
    return new Kind.Device(block, (int) major, (int) minor);
  }

  private static Attributes attributes(TarHeader header, PaxRecords pax) throws Corrupt {
    return new Attributes(
        (int) (header.mode() & 07777),
        id("uid", pax.number("uid", header.uid())),
        id("gid", pax.number("gid", header.gid())),
        pax.modified(header.mtime()),
        pax.xattrs());
  }

  private static int id(String what, long value) throws Corrupt {
    if (value < 0 || value > LARGEST_ID) {
      throw Corrupt.because("tar entry's " + what + " is out of range: " + value);
    }
    return (int) value;
  }
}
