// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

/// One layer: what travels, and the digest of the archive inside it.
record Layer(Blob blob, String diffId) {}
