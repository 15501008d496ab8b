// SPDX-License-Identifier: Apache-2.0

/// Real, small OCI images made of the node's own programs, and their way into a registry.
@NullMarked
package io.criollo.conformance.images;

import org.jspecify.annotations.NullMarked;
