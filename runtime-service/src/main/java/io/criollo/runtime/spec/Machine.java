// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// This machine in the words of seccomp profiles.
final class Machine {
  private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  private Machine() {}

  static String seccompName() {
    return switch (arch()) {
      case "amd64" -> "SCMP_ARCH_X86_64";
      case "aarch64" -> "SCMP_ARCH_AARCH64";
      default -> "SCMP_ARCH_" + arch().toUpperCase(Locale.ROOT);
    };
  }

  static String goName() {
    return arch().equals("aarch64") ? "arm64" : arch();
  }

  /// @param version major and minor, "5.12"; what is not of this form holds never
  static boolean kernelIsAtLeast(String version) {
    var wanted = RELEASE.matcher(version);
    var own = RELEASE.matcher(System.getProperty("os.version"));
    return wanted.matches() && own.matches() && number(own) >= number(wanted);
  }

  private static int number(Matcher release) {
    return Integer.parseInt(release.group(1)) * 10_000 + Integer.parseInt(release.group(2));
  }

  private static String arch() {
    return System.getProperty("os.arch");
  }
}
