// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.nio.file.Path;

/// An OCI runtime that pods can choose by its name.
///
/// @param path the executable
/// @param root the runtime's own folder of state
/// @param minimumMemory bytes below which no container of it can start
/// @param configured whether a file names it; else it was found among the installed programs
public record RuntimeEntry(
    String name, Path path, Path root, long minimumMemory, boolean configured) {}
