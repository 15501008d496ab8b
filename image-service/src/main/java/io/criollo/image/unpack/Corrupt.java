// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.io.Serial;

/// A layer that is not what it says or goes beyond a limit: reading it again from the same bytes
/// will not help.
final class Corrupt extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final Kind kind;

  private Corrupt(String message, Kind kind) {
    super(message);
    this.kind = kind;
  }

  static Corrupt because(String why) {
    return new Corrupt(why, Kind.CORRUPT);
  }

  static Corrupt tooLarge(String why) {
    return new Corrupt(why, Kind.TOO_LARGE);
  }

  /// A blob that is not the one that was asked for.
  static Corrupt wrongBytes(String why) {
    return new Corrupt(why, Kind.WRONG_BYTES);
  }

  Kind kind() {
    return kind;
  }
}
