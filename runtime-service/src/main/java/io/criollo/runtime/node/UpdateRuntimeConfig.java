// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.cri.v1.UpdateRuntimeConfigRequest;
import io.criollo.cri.v1.UpdateRuntimeConfigResponse;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.LinuxException;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// UpdateRuntimeConfig: the kubelet tells the ranges of the node's pods, once. They are kept in a
/// file, shown, and told to CNI plugins that ask for `ipRanges`; most have their own. Any thread.
public final class UpdateRuntimeConfig {
  private static final System.Logger LOG = System.getLogger(UpdateRuntimeConfig.class.getName());
  private static final String FIELD = "runtime_config.network_config.pod_cidr";
  private static final Pattern RANGE = Pattern.compile("([0-9A-Fa-f.:]{2,45})/(\\d{1,3})");
  private static final int LONGEST = 256;

  private final Path file;
  private volatile String podCidr;

  private UpdateRuntimeConfig(Path file, String podCidr) {
    this.file = file;
    this.podCidr = podCidr;
  }

  /// {@return one that knows what an earlier daemon was told}
  ///
  /// @param file where it is kept; it may not be there
  public static UpdateRuntimeConfig open(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new UpdateRuntimeConfig(file, "");
    }
    var kept = new String(Files.readAllBytes(file), UTF_8).strip();
    try {
      check(kept);
      return new UpdateRuntimeConfig(file, kept);
    } catch (Refusal e) {
      LOG.log(Level.WARNING, "go on without the ranges of pods in {0}: {1}", file, e.getMessage());
      return new UpdateRuntimeConfig(file, "");
    }
  }

  public synchronized UpdateRuntimeConfigResponse update(UpdateRuntimeConfigRequest request)
      throws LinuxException {
    var given = request.getRuntimeConfig().getNetworkConfig().getPodCidr();
    if (!given.isEmpty() && !given.equals(podCidr)) {
      check(given);
      AtomicFile.write(file, (given + "\n").getBytes(UTF_8));
      podCidr = given;
    }
    return UpdateRuntimeConfigResponse.getDefaultInstance();
  }

  /// {@return what was told last, or empty}
  String podCidr() {
    return podCidr;
  }

  /// {@return the same as a list of ranges}
  public List<String> ipRanges() {
    var told = podCidr;
    return told.isEmpty() ? List.of() : List.of(told.split(",", -1));
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
