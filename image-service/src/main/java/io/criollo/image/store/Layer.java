// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.Digest;

/// A complete layer: its name with all below it, and what it takes on disk.
///
/// @param bytes content in whole pages
/// @param opaque whether it hides all layers below
/// @param sealed whether it can be checked; those of the first Criollos cannot
public record Layer(
    Digest chainId, Digest diffId, long bytes, long inodes, boolean opaque, boolean sealed) {}
