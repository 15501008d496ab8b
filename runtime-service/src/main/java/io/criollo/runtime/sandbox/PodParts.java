// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

/// The makers of what a pod consists of.
public record PodParts(
    PodCgroups cgroups,
    PodFiles files,
    PodNamespaces namespaces,
    PodNetwork network,
    PodInit init) {}
