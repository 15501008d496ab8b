// SPDX-License-Identifier: Apache-2.0
/// From a CRI request, an image and the node to the `config.json` of an OCI runtime.
///
/// [SpecBuilder] checks the request, asks the host for what only it knows (symlinks of mount
/// sources, numbers of devices, profile files) and then composes the document from parts that are
/// pure functions, one file each.
@NullMarked
package io.criollo.runtime.spec;

import org.jspecify.annotations.NullMarked;
