// SPDX-License-Identifier: Apache-2.0
/// What becomes of pods and containers, told to those who ask with GetContainerEvents.
@NullMarked
package io.criollo.runtime.events;

import org.jspecify.annotations.NullMarked;
