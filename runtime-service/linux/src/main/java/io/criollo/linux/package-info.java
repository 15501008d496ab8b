// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.criollo.linux;

import org.jspecify.annotations.NullMarked;
