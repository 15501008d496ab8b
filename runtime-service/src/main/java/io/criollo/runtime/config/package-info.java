// SPDX-License-Identifier: Apache-2.0
/// What an operator can choose: the options, the files they are read from, their effective values.
@NullMarked
package io.criollo.runtime.config;

import org.jspecify.annotations.NullMarked;
