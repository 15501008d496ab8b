// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.ExitRecord;

/// Hears of each exit at least once, in order, on the client's one exit thread; also of those that
/// happened while the daemon was away. When it returns the exit counts as taken.
public interface ExitListener {
  void exited(ExitRecord exit);
}
