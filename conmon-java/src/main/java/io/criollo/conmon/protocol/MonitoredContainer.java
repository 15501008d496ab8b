// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.util.Optional;

/// A container as the monitor knows it; `exit` is empty while it lives.
public record MonitoredContainer(
    String id, CreatedProcess process, Optional<ExitRecord> exit, LogLoss loss) {}
