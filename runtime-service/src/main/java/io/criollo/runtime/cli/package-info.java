// SPDX-License-Identifier: Apache-2.0
/// What an operator types: the command line of `criollo`, and what it prints.
@NullMarked
package io.criollo.runtime.cli;

import org.jspecify.annotations.NullMarked;
