// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

/// A network interface that a plugin made or found.
///
/// @param mac empty where it has none
/// @param sandbox path of its network namespace, empty on the host
public record Interface(String name, String mac, String sandbox) {}
