// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import java.io.IOException;

/// A part of the daemon that has something to show. Thread-safe.
public interface Source {
  /// Writes what is so now. Called for each scrape, on the thread that answers it.
  void write(Page page) throws IOException;
}
