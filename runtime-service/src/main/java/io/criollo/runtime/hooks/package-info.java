// SPDX-License-Identifier: Apache-2.0
/// OCI hooks: programs that the operator has OCI runtimes run at stages of containers' lives.
@NullMarked
package io.criollo.runtime.hooks;

import org.jspecify.annotations.NullMarked;
