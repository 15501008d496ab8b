// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.policy.PolicyFiles;
import java.nio.file.Path;

/// Which signatures images must have, and where signatures are.
///
/// @param stores a folder like `/etc/containers/registries.d`; need not exist
public record SignatureSettings(PolicyFiles policies, Path stores) {}
