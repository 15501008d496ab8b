// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.io.IOException;

/// The two ways in which a daemon ends.
enum DaemonEnd {
  TERMINATED {
    @Override
    void of(DaemonProcess daemon) throws IOException {
      daemon.close();
    }
  },
  KILLED {
    @Override
    void of(DaemonProcess daemon) throws InterruptedException {
      daemon.kill();
    }
  };

  abstract void of(DaemonProcess daemon) throws IOException, InterruptedException;
}
