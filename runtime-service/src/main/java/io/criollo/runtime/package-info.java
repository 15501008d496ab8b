// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.criollo.runtime;

import org.jspecify.annotations.NullMarked;
