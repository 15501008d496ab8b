// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/// Signal numbers, the same on x86_64 and aarch64 (signal(7)).
public final class Signals {
  public static final int SIGHUP = 1;
  public static final int SIGINT = 2;
  public static final int SIGQUIT = 3;
  public static final int SIGKILL = 9;
  public static final int SIGUSR1 = 10;
  public static final int SIGUSR2 = 12;
  public static final int SIGPIPE = 13;
  public static final int SIGTERM = 15;
  public static final int SIGCHLD = 17;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;
  public static final int SIGWINCH = 28;
  public static final int SIGRTMIN = 34;
  public static final int SIGRTMAX = 64;

  private static final String[] NAMES = {
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"
  };
  private static final Map<String, Integer> NUMBERS = numbers();

  private Signals() {}

  private static Map<String, Integer> numbers() {
    var numbers = new HashMap<String, Integer>();
    for (var i = 0; i < NAMES.length; i++) {
      numbers.put(NAMES[i], i + 1);
    }
    numbers.put("IOT", 6);
    numbers.put("CLD", SIGCHLD);
    numbers.put("POLL", 29);
    for (var i = 0; i <= SIGRTMAX - SIGRTMIN; i++) {
      numbers.put("RTMIN+" + i, SIGRTMIN + i);
      numbers.put("RTMAX-" + i, SIGRTMAX - i);
    }
    numbers.put("RTMIN", SIGRTMIN);
    numbers.put("RTMAX", SIGRTMAX);
    return Map.copyOf(numbers);
  }

  /// {@return the number of `SIGTERM`, `TERM`, `sigterm`, `15` or `RTMIN+3`; empty for what is no
  /// signal}
  public static OptionalInt number(String text) {
    if (text.length() > 2 || !text.chars().allMatch(c -> c >= '0' && c <= '9') || text.isEmpty()) {
      var upper = text.toUpperCase(Locale.ROOT);
      var found = NUMBERS.get(upper.startsWith("SIG") ? upper.substring(3) : upper);
      return found == null ? OptionalInt.empty() : OptionalInt.of(found);
    }
    var number = Integer.parseInt(text);
    return number >= 1 && number <= SIGRTMAX ? OptionalInt.of(number) : OptionalInt.empty();
  }

  /// {@return `SIGTERM` for 15}
  public static String name(int number) {
    if (number >= 1 && number <= NAMES.length) {
      return "SIG" + NAMES[number - 1];
    }
    if (number >= SIGRTMIN && number <= SIGRTMAX) {
      return number == SIGRTMIN ? "SIGRTMIN" : "SIGRTMIN+" + (number - SIGRTMIN);
    }
    return "signal " + number;
  }

  /// {@return how a process ended, by its exit code as shells give it: `ended by SIGKILL` for 137,
  /// `exit code 3` for 3}
  public static String ended(int exitCode) {
    return exitCode > 128 ? "ended by " + name(exitCode - 128) : "exit code " + exitCode;
  }
}
