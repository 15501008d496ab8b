// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.util.Optional;

/// A route inside the pod.
///
/// @param destination in CIDR form
public record Route(String destination, Optional<String> gateway) {}
