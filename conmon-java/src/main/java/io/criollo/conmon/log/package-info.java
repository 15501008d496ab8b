// SPDX-License-Identifier: Apache-2.0
/// Container output in the CRI log format, kept whole through a kill at any instant.
@NullMarked
package io.criollo.conmon.log;

import org.jspecify.annotations.NullMarked;
