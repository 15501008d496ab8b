// SPDX-License-Identifier: Apache-2.0
/// The image store as the CRI speaks of it.
@NullMarked
package io.criollo.runtime.images;

import org.jspecify.annotations.NullMarked;
