// SPDX-License-Identifier: Apache-2.0
/// The CRI's socket: the only package that knows gRPC.
@NullMarked
package io.criollo.runtime.rpc;

import org.jspecify.annotations.NullMarked;
