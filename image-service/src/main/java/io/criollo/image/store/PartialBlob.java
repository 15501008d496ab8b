// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// One thread's hold on the file of a blob that is being fetched.
public final class PartialBlob implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private final Release release;
  private long inherited;
  private volatile long length;
  private boolean used;

  /// Gives the file up.
  interface Release {
    void release(boolean used) throws IOException;
  }

  PartialBlob(Path path, Release release) throws IOException {
    this.path = path;
    this.release = release;
    this.file = new RandomAccessFile(path.toFile(), "rw");
    this.length = file.length();
    this.inherited = length;
  }

  /// {@return the bytes that are here}
  public long length() {
    return length;
  }

  /// {@return how many of them were here before}
  public long inherited() {
    return inherited;
  }

  /// {@return the blob's bytes}: first those that are here, then those of the rest, which stay here
  /// too
  public InputStream followedBy(InputStream rest) {
    return new KeptStream(this, rest);
  }

  /// Forgets all bytes.
  public void discard() throws IOException {
    file.setLength(0);
    length = 0;
    inherited = 0;
  }

  /// Says that the blob has served its purpose.
  public void used() {
    used = true;
  }

  int read(long from, byte[] into, int offset, int most) throws IOException {
    file.seek(from);
    return file.read(into, offset, (int) Math.min(most, length - from));
  }

  void append(byte[] from, int offset, int count) throws IOException {
    try {
      file.seek(length);
      file.write(from, offset, count);
      long longer = length + count; // one thread writes, others look on
      length = longer;
    } catch (IOException e) {
      throw (IOException)
          new FileSystemException(path.toString(), null, "write: " + e.getMessage()).initCause(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (file) {
      release.release(used);
    }
  }
}
