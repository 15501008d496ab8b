// SPDX-License-Identifier: Apache-2.0
/// The driver of OCI runtimes: argument vectors, time limits, and the runtime's own error text.
@NullMarked
package io.criollo.conmon.oci;

import org.jspecify.annotations.NullMarked;
