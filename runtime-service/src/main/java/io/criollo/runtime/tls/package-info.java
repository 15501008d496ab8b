// SPDX-License-Identifier: Apache-2.0
/// TLS for servers: PEM files, and engines that follow their changes.
@NullMarked
package io.criollo.runtime.tls;

import org.jspecify.annotations.NullMarked;
