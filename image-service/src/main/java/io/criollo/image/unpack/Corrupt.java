// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import java.io.IOException;
import java.io.Serial;

/// A layer that is not what it says or goes beyond a limit: reading it again from the same bytes
/// will not help.
final class Corrupt extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean tooLarge;

  private Corrupt(String message, boolean tooLarge) {
    super(message);
    this.tooLarge = tooLarge;
  }

  static Corrupt because(String why) {
    return new Corrupt(why, false);
  }

  static Corrupt tooLarge(String why) {
    return new Corrupt(why, true);
  }

  boolean isTooLarge() {
    return tooLarge;
  }
}
