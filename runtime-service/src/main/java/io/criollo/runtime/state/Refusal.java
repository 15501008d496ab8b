// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import org.jspecify.annotations.Nullable;

/// A request that is answered with "no" and a reason for its sender. Unchecked, without a stack
/// trace; {@code rpc.StatusMapper} gives each kind its gRPC code. A text names the field, the value
/// and what is allowed.
public abstract sealed class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final int LONGEST_QUOTE = 200;

  private Refusal(String message, @Nullable Throwable cause) {
    super(message, cause, true, false);
  }

  /// The object is not known.
  public static final class NotFound extends Refusal {
    private static final long serialVersionUID = 1;

    public NotFound(String kind, String id) {
      super(kind + " " + quote(id) + " not found", null);
    }
  }

  /// Another object has this name.
  public static final class AlreadyExists extends Refusal {
    private static final long serialVersionUID = 1;

    public AlreadyExists(String message) {
      super(message, null);
    }
  }

  /// The request itself is wrong, whatever the state of the node.
  public static final class InvalidArgument extends Refusal {
    private static final long serialVersionUID = 1;

    public InvalidArgument(String message) {
      super(message, null);
    }

    /// The form {@code config.metadata.name "a/b": must not contain '/'}.
    public InvalidArgument(String field, Object value, String allowed) {
      super(field + " " + quote(value) + ": " + allowed, null);
    }
  }

  /// The request is right, but not in the present state of the object or node.
  public static final class FailedPrecondition extends Refusal {
    private static final long serialVersionUID = 1;

    public FailedPrecondition(String message) {
      super(message, null);
    }

    public FailedPrecondition(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Something that the request needs is not there now; the same request may work later.
  public static final class Unavailable extends Refusal {
    private static final long serialVersionUID = 1;

    public Unavailable(String message) {
      super(message, null);
    }
  }

  /// The time that the request allowed has passed.
  public static final class DeadlineExceeded extends Refusal {
    private static final long serialVersionUID = 1;

    public DeadlineExceeded(String message) {
      super(message, null);
    }
  }

  /// A limit on how many of something are held at once.
  public static final class ResourceExhausted extends Refusal {
    private static final long serialVersionUID = 1;

    public ResourceExhausted(String message) {
      super(message, null);
    }
  }

  /// A part of the CRI that is not offered.
  public static final class Unimplemented extends Refusal {
    private static final long serialVersionUID = 1;

    public Unimplemented(String message) {
      super(message, null);
    }
  }

  /// {@return the value in quotes, control characters made visible, shortened}
  static String quote(Object value) {
    var text = String.valueOf(value);
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), LONGEST_QUOTE); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append(text.length() > LONGEST_QUOTE ? "…\"" : "\"").toString();
  }
}
