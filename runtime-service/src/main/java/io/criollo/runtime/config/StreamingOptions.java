// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import io.criollo.runtime.tls.TlsVersion;
import java.net.InetAddress;
import java.time.Duration;

/// What the options of the streaming server may be, alone and together.
record StreamingOptions(Effective options) {
  private static final int LARGEST_PORT = 0xffff;

  void check() {
    checkAddress();
    checkTimes();
    checkTls();
  }

  private void checkAddress() {
    for (var address : options.value(Option.STREAM_ADDRESS)) {
      try {
        var _ = InetAddress.ofLiteral(address);
      } catch (IllegalArgumentException _) {
        options.fault(Option.STREAM_ADDRESS, "must be an IP address, is " + address);
      }
    }
    for (var port : options.value(Option.STREAM_PORT)) {
      if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > LARGEST_PORT) {
        options.fault(
            Option.STREAM_PORT, "must be a port from 0 to " + LARGEST_PORT + ", is " + port);
      }
    }
  }

  private void checkTimes() {
    for (var time : options.value(Option.STREAM_IDLE_TIMEOUT)) {
      if (GoDuration.parse(time).filter(Duration::isPositive).isEmpty()) {
        options.fault(Option.STREAM_IDLE_TIMEOUT, "must be a time such as 4h or 1h30m, is " + time);
      }
    }
  }

  private void checkTls() {
    for (var version : options.value(Option.TLS_MIN_VERSION)) {
      if (TlsVersion.of(version).isEmpty()) {
        options.fault(
            Option.TLS_MIN_VERSION, "must be VersionTLS12 or VersionTLS13, is " + version);
      }
    }
    for (var suite : options.value(Option.TLS_CIPHER_SUITES)) {
      if (!TlsVersion.knows(suite)) {
        options.fault(Option.TLS_CIPHER_SUITES, "has no suite that is known as " + suite);
      }
    }
    if (options.value(Option.TLS_MIN_VERSION).contains("VersionTLS13")
        && !options.value(Option.TLS_CIPHER_SUITES).isEmpty()) {
      options.warning(Option.TLS_CIPHER_SUITES, "is ignored: those of TLS 1.3 cannot be chosen");
    }
    if (options.value(Option.STREAM_ENABLE_TLS).contains("true")) {
      checkFile(Option.STREAM_TLS_CERT);
      checkFile(Option.STREAM_TLS_KEY);
    }
  }

  private void checkFile(Option option) {
    if (options.value(option).isEmpty()) {
      options.fault(option, "must be set while " + Option.STREAM_ENABLE_TLS.key() + " is true");
    }
  }
}
