// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

class SessionRuncKernelTest extends SessionKernelTest {
  @Override
  String runtime() {
    return "runc";
  }
}
