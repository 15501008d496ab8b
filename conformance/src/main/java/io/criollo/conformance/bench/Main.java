// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;

/// `Main [--pods=30] [--warm=20] [--rounds=20] [--warm-lists=200] [--lists=100]
/// NAME=unix:///SOCKET=PATTERN...`: the same work by each runtime in turn, and a table with the
/// median and the p95 of each operation in milliseconds. What it is asked first, while its code is
/// not compiled or its caches are empty, counts apart. The pattern is a regular expression for the
/// command lines of all of a runtime's processes.
public final class Main {
  private final int pods;
  private final int warm;
  private final int rounds;
  private final int warmLists;
  private final int lists;
  private final List<Contestant> contestants;

  private Main(Options options, List<Contestant> contestants) {
    this.pods = options.number("pods", 30);
    this.warm = options.number("warm", 20);
    this.rounds = options.number("rounds", 20);
    this.warmLists = options.number("warm-lists", 200);
    this.lists = options.number("lists", 100); // a kubelet asks each second
    this.contestants = contestants;
  }

  public static void main(String[] args) throws Exception {
    var logs = Files.createTempDirectory("bench");
    var options = new Options(args);
    if (options.words().isEmpty()) {
      System.err.println(
          "usage: [--pods=30] [--warm=20] [--rounds=20] [--warm-lists=200] [--lists=100]"
              + " NAME=unix:///SOCKET=PATTERN...");
      System.exit(2);
    }
    var contestants =
        options.words().stream().map(word -> new Contestant(Peer.parse(word), logs)).toList();
    try {
      new Main(options, contestants).run(System.out);
    } finally {
      contestants.forEach(Contestant::close);
    }
  }

  private void run(PrintStream out) throws Exception {
    for (var one : contestants) {
      one.prepare();
      one.weigh("no pod");
    }
    for (int i = 0; i < warm + rounds; i++) {
      for (var one : contestants) {
        one.warm(i >= warm);
        one.round();
      }
    }
    for (var one : contestants) { // one crowd at a time: they share the node
      one.crowd(pods);
      one.disperse();
    }
    for (var one : contestants) {
      one.gather(pods);
    }
    for (int i = 0; i < warmLists + lists; i++) {
      for (var one : contestants) { // in turn: they share this client, which gets faster
        one.warm(i >= warmLists);
        one.lists(pods);
      }
    }
    for (var one : contestants) {
      one.weigh(pods + " pods");
      one.disperse();
    }
    var columns = new LinkedHashMap<String, Samples>();
    contestants.forEach(one -> columns.put(one.name(), one.samples()));
    Table.print(columns, out);
  }
}
