// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

class MonitorRuncKernelTest extends MonitorKernelTest {
  @Override
  String runtime() {
    return "runc";
  }
}
