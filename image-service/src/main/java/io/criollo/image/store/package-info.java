// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.criollo.image.store;

import org.jspecify.annotations.NullMarked;
