// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.util.List;

/// Resolver settings: what a plugin proposes, though pods take theirs from the CRI, and what a pod
/// has, for plugins that ask.
public record Dns(
    List<String> nameservers, String domain, List<String> search, List<String> options) {
  public static final Dns NONE = new Dns(List.of(), "", List.of(), List.of());

  public Dns {
    nameservers = List.copyOf(nameservers);
    search = List.copyOf(search);
    options = List.copyOf(options);
  }
}
