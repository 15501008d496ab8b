// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.linux.KernelString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The records of one PAX extended header (POSIX pax, "Extended Header"). Values are bytes: names
/// and attributes need not be text.
final class PaxRecords {
  static final PaxRecords NONE = new PaxRecords();

  private static final String XATTR = "SCHILY.xattr.";
  private static final long FARTHEST_TIME = 1L << 40;

  private final Map<String, byte[]> records = new HashMap<>();

  /// Offsets and lengths of sparse format 0.0, which repeats its keys.
  private final List<String> sparsePairs = new ArrayList<>();

  /// {@return the records in the data of an `x` entry}
  static PaxRecords parse(byte[] data) throws Corrupt {
    var records = new PaxRecords();
    for (int at = 0; at < data.length; ) {
      at = records.add(data, at);
    }
    return records;
  }

  private int add(byte[] data, int start) throws Corrupt {
    var at = start;
    var length = 0;
    while (at < data.length && data[at] >= '0' && data[at] <= '9' && length <= data.length) {
      length = length * 10 + data[at++] - '0';
    }
    var end = start + length;
    if (at == start || at >= data.length || data[at] != ' ' || end > data.length || end <= at + 1) {
      throw Corrupt.because("PAX record has a wrong length");
    }
    var equals = at + 1;
    while (equals < end && data[equals] != '=') {
      equals++;
    }
    if (equals >= end || equals == at + 1 || data[end - 1] != '\n') {
      throw Corrupt.because("PAX record is not key=value");
    }
    var key = new String(data, at + 1, equals - at - 1, StandardCharsets.UTF_8);
    var value = Arrays.copyOfRange(data, equals + 1, end - 1);
    if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
      sparsePairs.add(new String(value, StandardCharsets.ISO_8859_1));
    }
    records.put(key, value);
    return end;
  }

  /// {@return a name; an empty one counts as absent, as POSIX has it}
  Optional<String> name(String key) throws Corrupt {
    var value = records.get(key);
    if (value == null || value.length == 0) {
      return Optional.empty();
    }
    for (var b : value) {
      if (b == 0) {
        throw Corrupt.because("PAX " + key + " has a NUL");
      }
    }
    return Optional.of(KernelString.decode(value));
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(records.get(key))
        .filter(value -> value.length > 0)
        .map(value -> new String(value, StandardCharsets.ISO_8859_1));
  }

  long number(String key, long otherwise) throws Corrupt {
    var value = text(key);
    return value.isEmpty() ? otherwise : decimal(key, value.get());
  }

  static long decimal(String key, String text) throws Corrupt {
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw Corrupt.because("PAX " + key + " is not a number in range");
    }
    return Long.parseLong(text);
  }

  List<String> sparsePairs() {
    return sparsePairs;
  }

  /// {@return the modification time, as exact as it is given}
  Instant modified(long otherwise) throws Corrupt {
    var text = text("mtime");
    if (text.isEmpty()) {
      return instant(otherwise, 0);
    }
    var negative = text.get().startsWith("-");
    var digits = negative ? text.get().substring(1) : text.get();
    var dot = digits.indexOf('.');
    var seconds = decimal("mtime", dot < 0 ? digits : digits.substring(0, dot));
    var fraction = dot < 0 ? "" : digits.substring(dot + 1);
    var nanos = fraction.isEmpty() ? 0 : decimal("mtime", (fraction + "00000000").substring(0, 9));
    return negative ? instant(-seconds, -nanos) : instant(seconds, nanos);
  }

  private static Instant instant(long seconds, long nanos) {
    return Instant.ofEpochSecond(Math.clamp(seconds, -FARTHEST_TIME, FARTHEST_TIME), nanos);
  }

  Map<String, TarEntry.XattrValue> xattrs() {
    var found = new HashMap<String, TarEntry.XattrValue>();
    for (var entry : records.entrySet()) {
      if (entry.getKey().startsWith(XATTR) && entry.getKey().indexOf('\0') < 0) {
        found.put(
            entry.getKey().substring(XATTR.length()), new TarEntry.XattrValue(entry.getValue()));
      }
    }
    return found;
  }
}
