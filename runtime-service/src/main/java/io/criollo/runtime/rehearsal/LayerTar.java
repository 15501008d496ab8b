// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Locale;

/// Writes a ustar archive of files that belong to root (POSIX.1-2017, pax, "ustar Interchange
/// Format"). One thread.
final class LayerTar {
  private static final int BLOCK = 512;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_SIZE = 8;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  LayerTar folder(String name) {
    out.writeBytes(header(name, "", 0755, 0, '5'));
    return this;
  }

  LayerTar file(String name, String content) {
    return file(name, 0644, content.getBytes(US_ASCII));
  }

  LayerTar file(String name, int mode, byte[] content) {
    out.writeBytes(header(name, "", mode, content.length, '0'));
    return padded(content);
  }

  LayerTar hardLink(String name, String target) {
    out.writeBytes(header(name, target, 0644, 0, '1'));
    return this;
  }

  LayerTar symbolicLink(String name, String target) {
    out.writeBytes(header(name, target, 0777, 0, '2'));
    return this;
  }

  /// A record about the next entry (pax Extended Header).
  LayerTar record(String key, String value) {
    var rest = " " + key + "=" + value + "\n";
    int length = rest.length() + 2; // as long as the number has two digits
    var record = (length + rest).getBytes(US_ASCII);
    out.writeBytes(header("pax", "", 0644, record.length, 'x'));
    return padded(record);
  }

  private LayerTar padded(byte[] content) {
    out.writeBytes(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
    return this;
  }

  /// {@return the archive, which ends here}
  byte[] bytes() {
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  private static byte[] header(String name, String link, int mode, int size, char type) {
    var header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, octal(7, mode));
    put(header, 108, octal(7, 0));
    put(header, 116, octal(7, 0));
    put(header, 124, octal(11, size));
    put(header, 136, octal(11, 0));
    header[156] = (byte) type;
    put(header, 157, link);
    put(header, 257, "ustar");
    put(header, 263, "00");
    Arrays.fill(header, CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_SIZE, (byte) ' ');
    int sum = 0;
    for (var each : header) {
      sum += each;
    }
    put(header, CHECKSUM_AT, octal(6, sum) + "\0 ");
    return header;
  }

  private static String octal(int digits, int number) {
    return String.format(Locale.ROOT, "%0" + digits + "o", number);
  }

  private static void put(byte[] header, int at, String text) {
    var bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
