// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.nio.file.Path;

/// The network configuration that a node gets: a bridge with addresses of both families.
final class Networks {
  private Networks() {}

  static String bridge(Path leases) {
    return """
    {
      "cniVersion": "1.0.0",
      "name": "criollo",
      "plugins": [
        {
          "type": "bridge",
          "bridge": "criollo0",
          "isGateway": true,
          "ipMasq": true,
          "hairpinMode": true,
          "ipam": {
            "type": "host-local",
            "dataDir": "%s",
            "ranges": [
              [{"subnet": "10.88.0.0/16"}],
              [{"subnet": "fd00:88::/64"}]
            ],
            "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}]
          }
        },
        {"type": "portmap", "capabilities": {"portMappings": true}}
      ]
    }
    """
        .formatted(leases);
  }
}
