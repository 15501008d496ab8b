// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

/// What a manifest request brings: one image, or an index of images for several platforms.
public sealed interface ManifestDocument permits ImageManifest, ImageIndex {}
