// SPDX-License-Identifier: Apache-2.0
/// What the runtime says about itself and the node.
@NullMarked
package io.criollo.runtime.node;

import org.jspecify.annotations.NullMarked;
