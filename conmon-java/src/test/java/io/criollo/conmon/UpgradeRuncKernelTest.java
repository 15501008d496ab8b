// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

class UpgradeRuncKernelTest extends UpgradeKernelTest {
  @Override
  String runtime() {
    return "runc";
  }
}
