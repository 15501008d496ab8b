// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.FileStat;
import io.criollo.linux.KernelString;
import io.criollo.linux.LinuxException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Compares an unpacked layer with its seal, up to the first difference. One thread.
public final class SealCheck implements TreeWalk.Visitor {
  private static final int LONGEST_LINE = 1 << 20;

  private final InputStream seal;
  private final DiskContent content;
  private final Depth depth;
  private final Pace pace;
  private @Nullable String fault;

  private SealCheck(InputStream seal, Depth depth, Pace pace) {
    this.seal = seal;
    this.content = new DiskContent(pace);
    this.depth = depth;
    this.pace = pace;
  }

  /// How much of a layer is looked at.
  public enum Depth {
    /// Names, owners, modes, sizes, times, attributes.
    QUICK,
    /// Content too, all of which is read from the disk.
    WHOLE
  }

  /// {@return what is wrong with a layer, if something is}
  ///
  /// @param tree the layer's root
  /// @param sealFile what was written of it
  /// @throws IOException when it cannot be told, as when the layer goes away meanwhile or the pace
  ///   is closed
  public static Optional<String> fault(Path tree, Path sealFile, Depth depth, Pace pace)
      throws IOException {
    try (var file = DiskStream.open(sealFile);
        var lines = new BufferedInputStream(new GZIPInputStream(file))) {
      var check = new SealCheck(lines, depth, pace);
      TreeWalk.of(tree, check);
      return check.end();
    } catch (ZipException | EOFException e) {
      return Optional.of("its seal is broken");
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT) && Files.notExists(sealFile) && Files.exists(tree)) {
        return Optional.of("its seal is not there");
      }
      if (DiskStream.isDisks(e)) {
        return Optional.of("the disk cannot read it: " + e.getMessage());
      }
      throw e;
    }
  }

  private Optional<String> end() throws IOException {
    if (fault == null) {
      var rest = nextLine();
      if (!rest.equals(Seal.END)) {
        fault = FileLine.path(rest) + ": is gone";
      } else if (seal.read() >= 0) { // reading to the end compares the sum of the seal itself
        fault = "its seal goes on after its end";
      }
    }
    return Optional.ofNullable(fault);
  }

  @Override
  public boolean directory(String path, DirFd directory) throws IOException {
    pace.goOn();
    return matches(FileLine.ofDirectory(path, directory), nextLine());
  }

  @Override
  public boolean file(String path, DirFd parent, String name, FileStat stat) throws IOException {
    var sealed = nextLine();
    int sumAt = sealed.lastIndexOf(FileLine.SUM);
    var now = FileLine.of(path, parent, name, stat);
    if (!matches(now, sumAt < 0 ? sealed : sealed.substring(0, sumAt))) {
      return false;
    }
    if (sumAt >= 0 && depth == Depth.WHOLE) {
      var sum = FileLine.SUM + FileLine.hex(content.sum(parent, name, stat.size()));
      return matches(now + sum, sealed);
    }
    return true;
  }

  private boolean matches(String now, String sealed) {
    if (now.equals(sealed)) {
      return true;
    }
    if (sealed.equals(Seal.END)) {
      fault = FileLine.path(now) + ": is new";
    } else if (FileLine.path(now).equals(FileLine.path(sealed))) {
      fault = FileLine.path(now) + ": " + FileLine.difference(now, sealed);
    } else {
      fault = FileLine.path(sealed) + " is gone, or " + FileLine.path(now) + " is new";
    }
    return false;
  }

  private String nextLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = seal.read(); b != '\n'; b = seal.read()) {
      if (b < 0 || line.size() > LONGEST_LINE) {
        throw new EOFException("it is cut short");
      }
      line.write(b);
    }
    return KernelString.decode(line.toByteArray());
  }
}
