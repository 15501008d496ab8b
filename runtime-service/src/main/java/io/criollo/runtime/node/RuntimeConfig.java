// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import io.criollo.cri.v1.CgroupDriver;
import io.criollo.cri.v1.LinuxRuntimeConfiguration;
import io.criollo.cri.v1.RuntimeConfigRequest;
import io.criollo.cri.v1.RuntimeConfigResponse;

/// RuntimeConfig: tells the kubelet which form of cgroup parents to send.
public final class RuntimeConfig {
  private final CgroupDriver driver;

  public RuntimeConfig(boolean systemd) {
    driver = systemd ? CgroupDriver.SYSTEMD : CgroupDriver.CGROUPFS;
  }

  public RuntimeConfigResponse runtimeConfig(RuntimeConfigRequest request) {
    return RuntimeConfigResponse.newBuilder()
        .setLinux(LinuxRuntimeConfiguration.newBuilder().setCgroupDriver(driver))
        .build();
  }
}
