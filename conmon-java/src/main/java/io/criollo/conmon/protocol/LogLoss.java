// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// What is missing in a container's log.
///
/// @param refused bytes of entries that the log's file system had no room for, or failed to take
/// @param dropped bytes of lines that came faster than they could be logged ([LogPolicy#dropping])
/// @param unsent entries that journald did not take in time, and that are in the file all the same
public record LogLoss(long refused, long dropped, long unsent) {
  public static final LogLoss NONE = new LogLoss(0, 0, 0);

  public LogLoss plus(LogLoss more) {
    return new LogLoss(refused + more.refused, dropped + more.dropped, unsent + more.unsent);
  }
}
