// SPDX-License-Identifier: Apache-2.0

/// The demonstration: one pod from the pull of its image to the last trace of it.
@NullMarked
package io.criollo.conformance.demo;

import org.jspecify.annotations.NullMarked;
