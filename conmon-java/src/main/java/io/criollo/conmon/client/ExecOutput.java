// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.Stream;

/// Takes what a command writes, piece by piece and in the order of each stream. While it does not
/// return, the command is held up once the buffers between them are full.
@FunctionalInterface
public interface ExecOutput {
  /// Takes the next piece.
  ///
  /// @throws InterruptedException when nobody wants the output any more
  void take(Stream stream, byte[] bytes) throws InterruptedException;
}
