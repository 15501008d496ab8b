// SPDX-License-Identifier: Apache-2.0
/// Times and memory of container runtimes, measured over their CRI sockets only.
@NullMarked
package io.criollo.conformance.bench;

import org.jspecify.annotations.NullMarked;
