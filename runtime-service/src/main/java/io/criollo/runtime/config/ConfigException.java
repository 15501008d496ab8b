// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.List;

/// A configuration that the daemon does not start with. Names every fault at once, each with its
/// file and option.
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(List<String> faults) {
    super(String.join("\n", faults));
  }
}
