// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

class LogRuncKernelTest extends LogKernelTest {
  @Override
  String runtime() {
    return "runc";
  }
}
