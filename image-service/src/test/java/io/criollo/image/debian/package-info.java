// SPDX-License-Identifier: Apache-2.0
/// Images of Debian packages, and Debian's tools for images.
@NullMarked
package io.criollo.image.debian;

import org.jspecify.annotations.NullMarked;
