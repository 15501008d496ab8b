// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import com.github.luben.zstd.ZstdIOException;
import io.criollo.image.manifest.Descriptor;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.seal.SumNotes;
import io.criollo.linux.DirFd;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import java.util.zip.ZipException;

/// Turns a layer's blob into a directory tree in overlay's form, checking the blob's digest and
/// that of the plain archive on the way. Its system calls block: runs on a platform thread.
public final class LayerUnpacker {
  private final UnpackLimits limits;
  private final Supplier<Inflation> inflation;

  public LayerUnpacker(UnpackLimits limits) {
    this(limits, Inflation::fastest);
  }

  LayerUnpacker(UnpackLimits limits, Supplier<Inflation> inflation) {
    this.limits = limits;
    this.inflation = inflation;
  }

  /// What a layer became.
  ///
  /// @param bytes content on disk, in whole pages
  /// @param pending what waits for the layers below
  /// @param opaque whether the layer hides all layers below
  public record Unpacked(long bytes, long inodes, Pending pending, boolean opaque) {}

  /// Unpacks into a new directory, with notes for its seal beside it.
  ///
  /// @param blob the compressed bytes; not closed
  /// @throws ImageException WRONG_BYTES when the blob is another one; CORRUPT or TOO_LARGE when it
  ///   is at fault itself
  /// @throws IOException when the network or the disk is
  public Unpacked unpack(
      InputStream blob, Descriptor layer, Digest diffId, DirFd parent, String name)
      throws IOException, ImageException {
    parent.mkdir(name, LayerTree.DIRECTORY_MODE);
    var fetched =
        VerifiedStream.exactly(layer.size(), blob, "blob " + layer.digest(), layer.digest());
    try (var sums = SumNotes.beside(parent, name);
        var tree = new LayerTree(parent.openDir(name), limits.names())) {
      var writer = new LayerWriter(tree, limits.bytes(layer.size()), sums);
      unpack(fetched, layer, diffId, writer);
      sums.finish();
      tree.restoreTimes();
      var time = tree.rootTime();
      if (time.isPresent()) {
        parent.utimens(name, time.get(), time.get());
      }
      return new Unpacked(writer.bytes(), writer.inodes(), writer.pending(), writer.opaqueRoot());
    } catch (Corrupt e) {
      throw new ImageException(e.kind(), "layer " + layer.digest() + ": " + e.getMessage(), e);
    }
  }

  private void unpack(VerifiedStream fetched, Descriptor layer, Digest diffId, LayerWriter writer)
      throws IOException {
    try (var inflated = Decompression.of(fetched, inflation.get());
        var plain =
            VerifiedStream.atMost(limits.bytes(layer.size()), inflated, "archive", diffId)) {
      write(plain, writer);
      plain.verify();
      fetched.verify();
    } catch (ZipException | ZstdIOException e) {
      throw ofWrongBytes(fetched, Corrupt.because("cannot be decompressed: " + e.getMessage()));
    } catch (EOFException e) {
      throw fetched.count() < layer.size()
          ? e
          : ofWrongBytes(fetched, Corrupt.because("is cut short: " + e.getMessage()));
    } catch (Corrupt e) {
      throw e.kind() == Kind.CORRUPT ? ofWrongBytes(fetched, e) : e;
    }
  }

  /// {@return the fault}, which is rather that the bytes are not those that were asked for, when
  /// they are not
  private static IOException ofWrongBytes(VerifiedStream fetched, Corrupt fault) {
    try {
      fetched.verify();
      return fault;
    } catch (IOException e) {
      e.addSuppressed(fault);
      return e;
    }
  }

  private void write(InputStream plain, LayerWriter writer) throws IOException {
    var tar = new TarReader(new BlockReader(plain), limits.entries());
    for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
      writer.write(entry.get(), tar);
    }
  }
}
