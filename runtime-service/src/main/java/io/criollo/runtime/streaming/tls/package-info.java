// SPDX-License-Identifier: Apache-2.0
/// TLS for the streaming server: PEM files, and engines that follow their changes.
@NullMarked
package io.criollo.runtime.streaming.tls;

import org.jspecify.annotations.NullMarked;
