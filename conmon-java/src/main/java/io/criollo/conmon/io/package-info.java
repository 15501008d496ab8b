// SPDX-License-Identifier: Apache-2.0
/// The I/O thread, and the streams of containers that it moves.
@NullMarked
package io.criollo.conmon.io;

import org.jspecify.annotations.NullMarked;
