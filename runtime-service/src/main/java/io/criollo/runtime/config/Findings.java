// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.ArrayList;
import java.util.List;

/// What is noticed while a configuration is read: faults that keep the daemon from starting, and
/// warnings. Each names its origin, a file or the command line, and the option.
final class Findings {
  private final List<String> faults = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  void fault(Object origin, String text) {
    faults.add(origin + ": " + text);
  }

  void warning(Object origin, String text) {
    warnings.add(origin + ": " + text);
  }

  List<String> warnings() {
    return warnings;
  }

  void throwFaults() throws ConfigException {
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
  }
}
