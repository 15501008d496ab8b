// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.util.Optional;

/// How a container's output is logged.
///
/// @param sizeMax bytes at which the log file starts anew, at least [#LEAST]; 0 for no limit
/// @param dropping whether whole lines are dropped, and counted, while the container writes faster
///   than they are logged; else it waits
/// @param journal the name under which lines are sent to journald too
public record LogPolicy(long sizeMax, boolean dropping, Optional<String> journal) {
  /// The least limit, as conmon's.
  public static final long LEAST = 8192;

  /// No limit, no line dropped, no journal.
  public static final LogPolicy PLAIN = new LogPolicy(0, false, Optional.empty());

  public LogPolicy {
    if (sizeMax != 0 && sizeMax < LEAST) {
      throw new IllegalArgumentException("log of at most " + sizeMax + " bytes");
    }
  }
}
