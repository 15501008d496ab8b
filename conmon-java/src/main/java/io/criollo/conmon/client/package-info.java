// SPDX-License-Identifier: Apache-2.0
/// The daemon's side of the monitor: start it, find it again, ask it, hear of exits.
@NullMarked
package io.criollo.conmon.client;

import org.jspecify.annotations.NullMarked;
