// SPDX-License-Identifier: Apache-2.0
/// What daemon and monitor say to each other: sealed records, and their frames on the socket.
@NullMarked
package io.criollo.conmon.protocol;

import org.jspecify.annotations.NullMarked;
