// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.util.List;

/// Resolver settings that a plugin proposes. Kubernetes pods take theirs from the CRI.
public record Dns(
    List<String> nameservers, String domain, List<String> search, List<String> options) {
  static final Dns NONE = new Dns(List.of(), "", List.of(), List.of());

  public Dns {
    nameservers = List.copyOf(nameservers);
    search = List.copyOf(search);
    options = List.copyOf(options);
  }
}
