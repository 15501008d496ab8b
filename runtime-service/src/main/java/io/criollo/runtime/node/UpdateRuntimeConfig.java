// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import io.criollo.cri.v1.UpdateRuntimeConfigRequest;
import io.criollo.cri.v1.UpdateRuntimeConfigResponse;
import io.criollo.runtime.state.Refusal;
import java.net.InetAddress;
import java.util.regex.Pattern;

/// UpdateRuntimeConfig: the kubelet tells the range of the node's pods. The CNI plugins have their
/// ranges from their own configuration, so it is only kept and shown.
public final class UpdateRuntimeConfig {
  private static final String FIELD = "runtime_config.network_config.pod_cidr";
  private static final Pattern RANGE = Pattern.compile("([0-9A-Fa-f.:]{2,45})/(\\d{1,3})");
  private static final int LONGEST = 256;

  private volatile String podCidr = "";

  public UpdateRuntimeConfigResponse update(UpdateRuntimeConfigRequest request) {
    var given = request.getRuntimeConfig().getNetworkConfig().getPodCidr();
    if (!given.isEmpty()) {
      check(given);
      podCidr = given;
    }
    return UpdateRuntimeConfigResponse.getDefaultInstance();
  }

  /// {@return what was told last, or empty}
  String podCidr() {
    return podCidr;
  }

  /// One range, or one of each family with a comma between them.
  private static void check(String given) {
    if (given.length() > LONGEST) {
      throw refused(given);
    }
    for (var range : given.split(",", -1)) {
      var match = RANGE.matcher(range);
      if (!match.matches() || !fits(match.group(1), Integer.parseInt(match.group(2)))) {
        throw refused(given);
      }
    }
  }

  private static boolean fits(String address, int bits) {
    try {
      return bits <= InetAddress.ofLiteral(address).getAddress().length * 8;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static Refusal refused(String given) {
    return new Refusal.InvalidArgument(
        FIELD, given, "must be ranges such as 10.88.0.0/16,fd00::/64");
  }
}
