// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import io.criollo.image.reference.Digest;

/// A pointer to content: its type, digest and exact length in bytes. URLs and embedded data of a
/// descriptor are ignored.
public record Descriptor(String mediaType, Digest digest, long size) {}
