// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.List;

/// A value that somebody gave.
///
/// @param origin a file, or a flag
record Given(List<String> value, String origin) {}
