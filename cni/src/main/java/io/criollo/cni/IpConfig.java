// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// One address that a plugin gave.
///
/// @param cidr address and prefix length as the plugin wrote it, for example `10.88.0.2/16`
/// @param interfaceIndex which of the result's interfaces has it
public record IpConfig(String cidr, Optional<String> gateway, OptionalInt interfaceIndex) {
  /// @throws IllegalArgumentException when it is no address with a prefix length
  public IpConfig {
    int slash = cidr.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("address without prefix length");
    }
    int bits = literal(cidr.substring(0, slash)) instanceof Inet4Address ? 32 : 128;
    var prefix = cidr.substring(slash + 1);
    if (!prefix.matches("[0-9]{1,3}") || Integer.parseInt(prefix) > bits) {
      throw new IllegalArgumentException("prefix length is not 0 to " + bits);
    }
    gateway.ifPresent(IpConfig::literal);
  }

  /// {@return the address without its prefix length}
  public String address() {
    return cidr.substring(0, cidr.indexOf('/'));
  }

  boolean isIpv4() {
    return cidr.indexOf(':') < 0;
  }

  /// Stricter than `InetAddress.ofLiteral`: neither short IPv4 forms nor zones.
  private static InetAddress literal(String text) {
    boolean ipv4 = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    boolean ipv6 = text.length() <= 45 && text.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    if (!ipv4 && !ipv6) {
      throw new IllegalArgumentException("not an IP address");
    }
    return InetAddress.ofLiteral(text);
  }
}
