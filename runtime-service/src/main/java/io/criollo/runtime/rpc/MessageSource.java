// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import java.util.Optional;

/// Messages one after the other. Read by one thread; closed by another one when the client leaves,
/// which ends a wait in [#next].
interface MessageSource<T> extends AutoCloseable {
  /// {@return the next one, or empty after the last}
  Optional<T> next() throws Exception;

  @Override
  void close();
}
