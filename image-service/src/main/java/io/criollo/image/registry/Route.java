// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

/// A place with the connections that lead there.
record Route(Source source, Connections connections) {}
