// SPDX-License-Identifier: Apache-2.0
/// What the daemon knows and keeps: pods, containers, their names and files, and how a request is
/// refused.
@NullMarked
package io.criollo.runtime.state;

import org.jspecify.annotations.NullMarked;
