// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A limit of a container's processes (setrlimit(2)).
///
/// @param type such as `RLIMIT_NOFILE`
/// @param hard the largest unsigned number stands for "no limit"; the same for soft
public record Rlimit(String type, BigInteger soft, BigInteger hard) {
  private static final BigInteger UNLIMITED = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final Pattern FORM =
      Pattern.compile("([a-z]+)=(-1|unlimited|[0-9]{1,18})(?::(-1|unlimited|[0-9]{1,18}))?");
  private static final String OPEN_FILES = "RLIMIT_NOFILE";

  private static final List<String> NAMES =
      List.of(
          "as",
          "core",
          "cpu",
          "data",
          "fsize",
          "locks",
          "memlock",
          "msgqueue",
          "nice",
          "nofile",
          "nproc",
          "rss",
          "rtprio",
          "rttime",
          "sigpending",
          "stack");

  /// Reads CRI-O's form `NAME=SOFT[:HARD]`, in which -1 stands for "no limit".
  ///
  /// @throws IllegalArgumentException for what is none
  public static Rlimit parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches() || !NAMES.contains(parts.group(1))) {
      throw new IllegalArgumentException(
          "must be NAME=SOFT[:HARD] with a name of " + NAMES + ", has " + text);
    }
    var soft = number(parts.group(2));
    var hard = parts.group(3) == null ? soft : number(parts.group(3));
    if (soft.compareTo(hard) > 0) {
      throw new IllegalArgumentException("must not have a soft limit above the hard one: " + text);
    }
    return new Rlimit("RLIMIT_" + parts.group(1).toUpperCase(Locale.ROOT), soft, hard);
  }

  /// {@return the limit of open files}
  public static Rlimit openFiles(String soft, String hard) {
    return new Rlimit(OPEN_FILES, number(soft), number(hard));
  }

  private static BigInteger number(String text) {
    return text.equals("-1") || text.equals("unlimited") ? UNLIMITED : new BigInteger(text);
  }
}
