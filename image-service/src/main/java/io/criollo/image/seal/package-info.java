// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.criollo.image.seal;

import org.jspecify.annotations.NullMarked;
