// SPDX-License-Identifier: Apache-2.0
/// SPDY/3.1 as the kubelet speaks it: streams with headers over one upgraded connection, without
/// the flow control that its Go side does not know.
@NullMarked
package io.criollo.runtime.streaming.spdy;

import org.jspecify.annotations.NullMarked;
