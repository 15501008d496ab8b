// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.image.reference.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// Counts and hashes what is read through it, and stops beyond a limit. One thread.
final class VerifiedStream extends InputStream {
  private final InputStream in;
  private final String what;
  private final Digest expected;
  private final MessageDigest hash;
  private final long shortest;
  private final long longest;
  private long count;
  private boolean verified;

  private VerifiedStream(
      InputStream in, String what, Digest expected, long shortest, long longest) {
    this.in = in;
    this.what = what;
    this.expected = expected;
    this.hash = expected.newHash();
    this.shortest = shortest;
    this.longest = longest;
  }

  /// {@return a stream of exactly this many bytes}
  static VerifiedStream exactly(long size, InputStream in, String what, Digest expected) {
    return new VerifiedStream(in, what, expected, size, size);
  }

  /// {@return a stream of at most this many bytes}
  static VerifiedStream atMost(long limit, InputStream in, String what, Digest expected) {
    return new VerifiedStream(in, what, expected, 0, limit);
  }

  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    var read = in.read(into, offset, length);
    if (read < 0) {
      if (count < shortest) {
        throw new EOFException(what + " ended after " + count + " of " + shortest + " bytes");
      }
      return -1;
    }
    count += read;
    if (count > longest) {
      var why = what + " is longer than " + longest + " bytes";
      throw shortest == longest ? Corrupt.wrongBytes(why) : Corrupt.tooLarge(why);
    }
    hash.update(into, offset, read);
    return read;
  }

  /// More than 0 until the last byte: the JDK's gzip reader takes 0 for the end of a stream of
  /// several members.
  @Override
  public int available() {
    return Math.clamp(longest - count, 0, Integer.MAX_VALUE);
  }

  /// Reads to the end and compares the digest; does nothing the second time.
  void verify() throws IOException {
    if (verified) {
      return;
    }
    skipToEnd();
    verified = true;
    var found = Digest.of(expected.algorithm(), hash.digest());
    if (!found.equals(expected)) {
      var why = what + " has digest " + found + ", not " + expected;
      throw shortest == longest ? Corrupt.wrongBytes(why) : Corrupt.because(why);
    }
  }

  private void skipToEnd() throws IOException {
    var scrap = new byte[64 << 10];
    while (read(scrap, 0, scrap.length) >= 0) {
      // hashed while it is read
    }
  }

  /// Leaves the stream below open: after a fault its rest is still read, to tell wrong bytes from a
  /// wrong layer.
  @Override
  public void close() {}
}
