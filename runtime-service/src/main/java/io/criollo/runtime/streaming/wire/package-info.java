// SPDX-License-Identifier: Apache-2.0
/// One client connection as blocking code sees it: streams of bytes both ways, bounded memory,
/// back-pressure.
@NullMarked
package io.criollo.runtime.streaming.wire;

import org.jspecify.annotations.NullMarked;
