// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A command line of `--NAME=NUMBER` and other words.
final class Options {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> words = new ArrayList<>();

  Options(String... args) {
    for (var arg : args) {
      if (arg.startsWith("--") && arg.contains("=")) {
        int equals = arg.indexOf('=');
        numbers.put(arg.substring(2, equals), Integer.parseInt(arg.substring(equals + 1)));
      } else {
        words.add(arg);
      }
    }
  }

  int number(String name, int otherwise) {
    return numbers.getOrDefault(name, otherwise);
  }

  List<String> words() {
    return List.copyOf(words);
  }
}
