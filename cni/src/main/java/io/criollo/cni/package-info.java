// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.criollo.cni;

import org.jspecify.annotations.NullMarked;
