// SPDX-License-Identifier: Apache-2.0
/// Keys as people have them in files.
@NullMarked
package io.criollo.image.pem;

import org.jspecify.annotations.NullMarked;
