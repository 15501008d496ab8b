// SPDX-License-Identifier: Apache-2.0
/// What can be done with a container: one file per call of the CRI, named after it.
@NullMarked
package io.criollo.runtime.container;

import org.jspecify.annotations.NullMarked;
