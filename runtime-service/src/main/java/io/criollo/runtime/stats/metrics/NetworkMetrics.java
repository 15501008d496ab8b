// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import io.criollo.linux.NetDev;

/// What went through a pod's interfaces.
final class NetworkMetrics {
  private NetworkMetrics() {}

  static void addTo(MetricList list, NetDev.Interface one) {
    var name = one.name();
    var received = one.received();
    list.add(MetricName.NETWORK_RECEIVE_BYTES, received.bytes(), name);
    list.add(MetricName.NETWORK_RECEIVE_PACKETS, received.packets(), name);
    list.add(MetricName.NETWORK_RECEIVE_ERRORS, received.errors(), name);
    list.add(MetricName.NETWORK_RECEIVE_DROPPED, received.dropped(), name);
    var sent = one.sent();
    list.add(MetricName.NETWORK_TRANSMIT_BYTES, sent.bytes(), name);
    list.add(MetricName.NETWORK_TRANSMIT_PACKETS, sent.packets(), name);
    list.add(MetricName.NETWORK_TRANSMIT_ERRORS, sent.errors(), name);
    list.add(MetricName.NETWORK_TRANSMIT_DROPPED, sent.dropped(), name);
  }
}
