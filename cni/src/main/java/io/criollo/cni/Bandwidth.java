// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The traffic limits of a pod: the annotations `kubernetes.io/ingress-bandwidth` and
/// `kubernetes.io/egress-bandwidth`, Kubernetes quantities in bits per second.
final class Bandwidth {
  /// The longest burst in bits that the bandwidth plugin takes without an overflow.
  private static final long BURST_BITS = Integer.MAX_VALUE * 8L;

  private static final BigDecimal LEAST = BigDecimal.valueOf(1_000);
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000_000L);

  private static final Pattern QUANTITY =
      Pattern.compile("\\+?([0-9]{1,20}(?:\\.[0-9]{1,9})?)([kMGTP]i?|Ki|m)?");

  private Bandwidth() {}

  /// @throws IllegalArgumentException when an annotation is no such quantity
  static ObjectNode of(Map<String, String> annotations) {
    var limits = Json.newObject();
    for (var direction : new String[] {"ingress", "egress"}) {
      var name = "kubernetes.io/" + direction + "-bandwidth";
      var text = Optional.ofNullable(annotations.get(name));
      if (text.isPresent()) {
        limits.put(direction + "Rate", bitsPerSecond(name, text.get()));
        limits.put(direction + "Burst", BURST_BITS);
      }
    }
    return limits;
  }

  private static long bitsPerSecond(String name, String text) {
    var matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      throw unusable(name, text);
    }
    var rate =
        new BigDecimal(matcher.group(1))
            .multiply(factor(Optional.ofNullable(matcher.group(2)).orElse("")));
    if (rate.compareTo(LEAST) < 0 || rate.compareTo(MOST) > 0) {
      throw unusable(name, text);
    }
    return rate.longValue();
  }

  private static BigDecimal factor(String suffix) {
    if (suffix.isEmpty()) {
      return BigDecimal.ONE;
    }
    if (suffix.equals("m")) {
      return new BigDecimal("0.001");
    }
    int power = "kMGTP".indexOf(suffix.charAt(0)) + 1;
    return suffix.endsWith("i")
        ? BigDecimal.valueOf(1024).pow(Math.max(power, 1))
        : BigDecimal.valueOf(1000).pow(power);
  }

  private static IllegalArgumentException unusable(String name, String text) {
    return new IllegalArgumentException(
        "annotation " + name + " '" + text + "' is no rate between 1k and 1P bits per second");
  }
}
