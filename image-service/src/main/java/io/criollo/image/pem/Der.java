// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.pem;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// The few DER values (X.690) that a private key is wrapped in.
public final class Der {
  static final byte[] ZERO = {0x02, 1, 0};
  static final byte[] NULL = {0x05, 0};

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int LONG_FORM = 0x80;

  private Der() {}

  public static byte[] sequence(byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (var part : parts) {
      content.writeBytes(part);
    }
    return value(SEQUENCE, content.toByteArray());
  }

  public static byte[] octets(byte[] content) {
    return value(OCTETS, content);
  }

  /// {@return the content of the first value with this tag among those inside a sequence}
  public static byte[] inside(byte[] sequence, int tag) {
    int at = header(sequence, 0);
    while (at < sequence.length) {
      int from = header(sequence, at);
      int to = from + length(sequence, at);
      if (to > sequence.length) {
        throw new IllegalArgumentException("torn DER value");
      }
      if ((sequence[at] & 0xff) == tag) {
        return Arrays.copyOfRange(sequence, from, to);
      }
      at = to;
    }
    throw new IllegalArgumentException("DER value without tag " + tag);
  }

  private static byte[] value(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.length;
    if (length < LONG_FORM) {
      out.write(length);
    } else {
      out.write(LONG_FORM | 3);
      out.write(length >> 16);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  /// {@return where the content of the value at an index begins}
  private static int header(byte[] der, int at) {
    int first = byteAt(der, at + 1);
    return at + 2 + (first < LONG_FORM ? 0 : first - LONG_FORM);
  }

  private static int length(byte[] der, int at) {
    int first = byteAt(der, at + 1);
    if (first < LONG_FORM) {
      return first;
    }
    int bytes = first - LONG_FORM;
    if (bytes > 3) {
      throw new IllegalArgumentException("DER value above 16 MiB");
    }
    int length = 0;
    for (int i = 0; i < bytes; i++) {
      length = length << 8 | byteAt(der, at + 2 + i);
    }
    return length;
  }

  private static int byteAt(byte[] der, int at) {
    if (at >= der.length) {
      throw new IllegalArgumentException("torn DER value");
    }
    return der[at] & 0xff;
  }
}
