// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.registry.Credentials;
import java.util.Optional;

/// One request to pull: what, with which credentials, on behalf of which Kubernetes namespace
/// (empty when not known).
public record PullRequest(
    String reference, Optional<Credentials> credentials, String podNamespace) {}
