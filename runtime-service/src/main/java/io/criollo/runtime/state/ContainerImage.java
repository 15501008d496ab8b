// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

/// The image of a container, as it was when the container was made.
///
/// @param id in the form {@code sha256:hex}
/// @param ref a repository digest of the image, or its id
/// @param name what to call it before people
public record ContainerImage(String id, String ref, String name) {}
