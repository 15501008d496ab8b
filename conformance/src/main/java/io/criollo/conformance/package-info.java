// SPDX-License-Identifier: Apache-2.0

/// Criollo from outside: the built daemon as a process, and a client that knows only its socket and
/// files.
@NullMarked
package io.criollo.conformance;

import org.jspecify.annotations.NullMarked;
