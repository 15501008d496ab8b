// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes that nobody has taken yet all connections may hold together. Once they are more,
/// each connection may hold but a little. Thread-safe.
public final class InputBudget {
  private final long most;
  private final AtomicLong held = new AtomicLong();

  public InputBudget(long most) {
    this.most = most;
  }

  boolean isSpent() {
    return held.get() > most;
  }

  void add(long bytes) {
    held.addAndGet(bytes);
  }
}
