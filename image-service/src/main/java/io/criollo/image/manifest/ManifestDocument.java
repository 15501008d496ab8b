// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

/// What a manifest request brings: one image or artifact, or an index of them for several
/// platforms.
public sealed interface ManifestDocument permits ImageManifest, Artifact, ImageIndex {}
