// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// `Main [--pods=30] [--rounds=20] NAME=unix:///SOCKET=PATTERN...`: the same work by each runtime
/// in turn, and a table with the median and the p95 of each operation in milliseconds. The pattern
/// is a regular expression for the command lines of all of a runtime's processes.
public final class Main {
  private static final int LISTS = 100; // a kubelet asks each second

  private final int pods;
  private final int rounds;
  private final List<Contestant> contestants;

  private Main(int pods, int rounds, List<Contestant> contestants) {
    this.pods = pods;
    this.rounds = rounds;
    this.contestants = contestants;
  }

  public static void main(String[] args) throws Exception {
    var logs = Files.createTempDirectory("bench");
    var contestants = new ArrayList<Contestant>();
    for (var arg : args) {
      if (!arg.startsWith("--")) {
        contestants.add(Contestant.parse(arg, logs));
      }
    }
    if (contestants.isEmpty()) {
      System.err.println("usage: [--pods=30] [--rounds=20] NAME=unix:///SOCKET=PATTERN...");
      System.exit(2);
    }
    new Main(number(args, "--pods=", 30), number(args, "--rounds=", 20), contestants)
        .run(System.out);
    contestants.forEach(Contestant::close);
  }

  private static int number(String[] args, String option, int otherwise) {
    return Arrays.stream(args)
        .filter(arg -> arg.startsWith(option))
        .mapToInt(arg -> Integer.parseInt(arg.substring(option.length())))
        .findFirst()
        .orElse(otherwise);
  }

  private void run(PrintStream out) throws Exception {
    for (var one : contestants) {
      one.prepare();
      one.weigh("no pod");
    }
    for (int i = 0; i < rounds; i++) {
      for (var one : contestants) {
        one.round();
      }
    }
    for (var one : contestants) { // one crowd at a time: they share the node's memory
      one.crowd(pods);
      for (int i = 0; i < LISTS; i++) {
        one.lists(pods);
      }
      one.weigh(pods + " pods");
      one.disperse();
    }
    print(out);
  }

  private void print(PrintStream out) {
    var head = new StringBuilder("%-36s".formatted("median / p95, ms unless said"));
    contestants.forEach(one -> head.append("%22s".formatted(one.name())));
    out.println(head);
    for (var operation : contestants.getFirst().samples().inOrder()) {
      var line = new StringBuilder("%-36s".formatted(operation));
      for (var one : contestants) {
        line.append(
            String.format(
                Locale.ROOT,
                "%12.1f /%8.1f",
                one.samples().quantile(operation, 0.5),
                one.samples().quantile(operation, 0.95)));
      }
      out.println(line);
    }
  }
}
