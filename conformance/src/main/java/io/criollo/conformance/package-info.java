// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.criollo.conformance;

import org.jspecify.annotations.NullMarked;
