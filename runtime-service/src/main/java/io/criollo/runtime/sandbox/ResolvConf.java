// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.DNSConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// resolv.conf(5) of a pod: what the kubelet says, or a copy of the node's.
final class ResolvConf {
  private static final Path OF_NODE = Path.of("/etc/resolv.conf");

  private ResolvConf() {}

  static String of(DNSConfig config) throws IOException {
    if (config.equals(DNSConfig.getDefaultInstance())) {
      return Files.exists(OF_NODE) ? Files.readString(OF_NODE) : "";
    }
    var text = new StringBuilder();
    if (config.getSearchesCount() > 0) {
      text.append("search ").append(String.join(" ", config.getSearchesList())).append('\n');
    }
    for (var server : config.getServersList()) {
      text.append("nameserver ").append(server).append('\n');
    }
    if (config.getOptionsCount() > 0) {
      text.append("options ").append(String.join(" ", config.getOptionsList())).append('\n');
    }
    return text.toString();
  }
}
