// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

class StormRuncKernelTest extends StormKernelTest {
  @Override
  String runtime() {
    return "runc";
  }
}
