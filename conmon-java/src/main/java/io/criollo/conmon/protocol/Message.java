// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// A JSON message on the monitor's socket.
public sealed interface Message permits Hello, Request, Reply {}
