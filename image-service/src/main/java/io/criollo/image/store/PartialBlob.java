// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.linux.Fd;
import io.criollo.linux.FileRange;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// One thread's hold on the file of a blob that is being fetched.
public final class PartialBlob implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final Path path;
  private final Fd file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
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
    this.file = Fd.open(path, OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0600);
    this.length = file.stat().size();
    this.inherited = length;
  }

  /// {@return the file}; who has the blob may move it away once all of it is here
  public Path path() {
    return path;
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
    file.truncate(0);
    length = 0;
    inherited = 0;
  }

  /// Says that the blob has served its purpose.
  public void used() {
    used = true;
  }

  int read(long from, byte[] into, int offset, int most) throws IOException {
    buffer.clear().limit((int) Math.min(Math.min(most, BUFFER), length - from));
    int count = FileRange.read(file, buffer, from);
    buffer.flip().get(into, offset, Math.max(count, 0));
    return count;
  }

  void append(byte[] from, int offset, int count) throws IOException {
    for (int done = 0; done < count; ) {
      int step = Math.min(count - done, BUFFER);
      write(buffer.clear().put(from, offset + done, step).flip());
      long longer = length + step; // one thread writes, others look on
      length = longer;
      done += step;
    }
  }

  private void write(ByteBuffer bytes) throws LinuxException {
    try {
      FileRange.write(file, bytes, length);
    } catch (LinuxException e) {
      throw new LinuxException(e.errno(), "write " + path, "");
    }
  }

  @Override
  public void close() throws IOException {
    try (file) {
      release.release(used);
    }
  }
}
