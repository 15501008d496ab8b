// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

/// What is behind an image's id: a file system to run programs in, or files to look at.
public sealed interface ImageContent permits ConfigDocument, ArtifactDocument {}
