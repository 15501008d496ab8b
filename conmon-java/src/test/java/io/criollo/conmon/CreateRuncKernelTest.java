// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

class CreateRuncKernelTest extends CreateKernelTest {
  @Override
  String runtime() {
    return "runc";
  }
}
