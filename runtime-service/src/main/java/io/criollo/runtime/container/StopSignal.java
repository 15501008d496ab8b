// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.Signal;
import io.criollo.linux.Signals;
import io.criollo.runtime.state.Refusal;
import java.util.Optional;

/// Which signal asks a container to end: the pod's wish, else the image's, else SIGTERM.
final class StopSignal {
  private static final String PREFIX = "SIGNAL_";

  private StopSignal() {}

  /// {@return the signal's name, such as {@code SIGTERM} or {@code SIGRTMIN+3}}
  static String choose(Signal wished, Optional<String> ofImage) {
    return switch (wished) {
      case UNRECOGNIZED ->
          throw new Refusal.InvalidArgument("config.stop_signal is not a signal of the CRI");
      case SIGNAL_RUNTIME_DEFAULT -> ofImage.flatMap(StopSignal::known).orElse("SIGTERM");
      default -> name(wished);
    };
  }

  /// {@return the signal as the CRI writes it}
  static Signal message(String name) {
    for (var signal : Signal.values()) {
      if (signal != Signal.UNRECOGNIZED && name(signal).equals(name)) {
        return signal;
      }
    }
    return Signal.SIGNAL_RUNTIME_DEFAULT;
  }

  static int number(String name) {
    return Signals.number(name).orElse(Signals.SIGTERM);
  }

  private static String name(Signal signal) {
    return signal
        .name()
        .substring(PREFIX.length())
        .replace("MINPLUS", "MIN+")
        .replace("MAXMINUS", "MAX-");
  }

  /// An image may say anything; what is no signal does not count.
  private static Optional<String> known(String text) {
    var number = Signals.number(text);
    return number.isPresent() ? Optional.of(Signals.name(number.getAsInt())) : Optional.empty();
  }
}
