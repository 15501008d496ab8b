// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.criollo.conmon;

import org.jspecify.annotations.NullMarked;
