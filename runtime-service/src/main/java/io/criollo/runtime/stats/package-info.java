// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.criollo.runtime.stats;

import org.jspecify.annotations.NullMarked;
