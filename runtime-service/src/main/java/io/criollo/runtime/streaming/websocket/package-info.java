// SPDX-License-Identifier: Apache-2.0
/// WebSocket forms of the streaming protocols: numbered channels in one connection, and SPDY bytes
/// tunnelled through it.
@NullMarked
package io.criollo.runtime.streaming.websocket;

import org.jspecify.annotations.NullMarked;
