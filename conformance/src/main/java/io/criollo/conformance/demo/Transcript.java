// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;

/// What happens, line by line, each with the time since the beginning and the time it took.
final class Transcript {
  private final PrintStream out;
  private final long begin = System.nanoTime();
  private boolean failed;

  Transcript(PrintStream out) {
    this.out = out;
  }

  /// Does one step and says how long it took.
  <T> T step(String what, Callable<T> work) throws Exception {
    long start = System.nanoTime();
    T result = work.call();
    line("%-62s %9s".formatted(what, millis(System.nanoTime() - start)));
    return result;
  }

  /// Shows what a step brought, indented below it.
  void show(String text) {
    text.lines().forEach(line -> out.println("             │ " + line));
  }

  /// Says whether something is as it should be; a no makes the demonstration fail.
  void check(String what, boolean holds) {
    out.println((holds ? "           ✓ " : "           ✗ ") + what);
    failed |= !holds;
  }

  boolean failed() {
    return failed;
  }

  private void line(String text) {
    out.println("[%9s] %s".formatted(millis(System.nanoTime() - begin), text));
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
