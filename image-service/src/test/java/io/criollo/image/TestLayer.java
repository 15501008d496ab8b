// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import com.github.luben.zstd.ZstdOutputStream;
import io.criollo.image.reference.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Makes layers for tests, entry by entry, with nothing checked: hostile ones too.
public final class TestLayer {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar;

  public TestLayer() {
    tar = new TarArchiveOutputStream(bytes, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  public TestLayer file(String name, String content) {
    return file(name, content, 0644);
  }

  public TestLayer file(String name, String content, int mode) {
    return add(entry(name, TarConstants.LF_NORMAL, mode), content.getBytes(StandardCharsets.UTF_8));
  }

  /// Adds a file that no compression makes smaller.
  public TestLayer noise(String name, int size, long seed) {
    var content = new byte[size];
    new Random(seed).nextBytes(content);
    return add(entry(name, TarConstants.LF_NORMAL, 0644), content);
  }

  public TestLayer directory(String name, int mode) {
    return add(entry(name + "/", TarConstants.LF_DIR, mode), new byte[0]);
  }

  public TestLayer symlink(String name, String target) {
    var entry = entry(name, TarConstants.LF_SYMLINK, 0777);
    entry.setLinkName(target);
    return add(entry, new byte[0]);
  }

  public TestLayer hardlink(String name, String target) {
    var entry = entry(name, TarConstants.LF_LINK, 0644);
    entry.setLinkName(target);
    return add(entry, new byte[0]);
  }

  public TestLayer device(String name, int major, int minor) {
    var entry = entry(name, TarConstants.LF_CHR, 0620);
    entry.setDevMajor(major);
    entry.setDevMinor(minor);
    return add(entry, new byte[0]);
  }

  public TestLayer fifo(String name) {
    return add(entry(name, TarConstants.LF_FIFO, 0600), new byte[0]);
  }

  /// Adds a file with a PAX header that is written as it is, whatever it says.
  public TestLayer withHeaders(String name, Map<String, String> pax, String content) {
    var records = new ByteArrayOutputStream();
    pax.forEach(
        (key, value) -> records.writeBytes(record(key, value.getBytes(StandardCharsets.UTF_8))));
    add(entry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, 0644), records.toByteArray());
    return file(name, content);
  }

  /// {@return one PAX record}
  public static byte[] record(String key, byte[] value) {
    var length = key.length() + value.length + 3;
    length += String.valueOf(length + String.valueOf(length).length()).length();
    var out = new ByteArrayOutputStream();
    out.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(value);
    out.write('\n');
    return out.toByteArray();
  }

  public static TarArchiveEntry entry(String name, byte type, int mode) {
    var entry = new TarArchiveEntry(name, type, true);
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setModTime(1_600_000_000_000L);
    return entry;
  }

  public TestLayer add(TarArchiveEntry entry, byte[] content) {
    try {
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return the plain archive}
  public byte[] tar() {
    try {
      tar.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Blob plain() {
    return new Blob(tar(), tar(), "application/vnd.oci.image.layer.v1.tar");
  }

  public Blob gzip() {
    return gzip(tar());
  }

  public static Blob gzip(byte[] tar) {
    var content = through(tar, GZIPOutputStream::new);
    return new Blob(tar, content, "application/vnd.oci.image.layer.v1.tar+gzip");
  }

  public Blob zstd() {
    return zstd(tar());
  }

  public static Blob zstd(byte[] tar) {
    var content = through(tar, ZstdOutputStream::new);
    return new Blob(tar, content, "application/vnd.oci.image.layer.v1.tar+zstd");
  }

  /// Wraps a stream.
  public interface Filter {
    OutputStream over(OutputStream out) throws IOException;
  }

  public static byte[] through(byte[] content, Filter filter) {
    var compressed = new ByteArrayOutputStream();
    try (var out = filter.over(compressed)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  /// A layer as a registry has it.
  @SuppressWarnings("ArrayRecordComponent")
  public record Blob(byte[] tar, byte[] content, String mediaType) {
    public Digest diffId() {
      return Digest.ofSha256(tar);
    }

    public Digest digest() {
      return Digest.ofSha256(content);
    }
  }
}
