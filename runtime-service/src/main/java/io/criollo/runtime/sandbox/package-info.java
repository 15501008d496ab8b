// SPDX-License-Identifier: Apache-2.0
/// What can be done with a pod: one file per call of the CRI, named after it, and the parts a pod
/// is made of.
@NullMarked
package io.criollo.runtime.sandbox;

import org.jspecify.annotations.NullMarked;
