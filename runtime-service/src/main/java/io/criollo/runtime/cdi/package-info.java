// SPDX-License-Identifier: Apache-2.0
/// Devices of third parties, described by files (Container Device Interface specification 1.1.0):
/// what a container that asks for one gets in its OCI document.
@NullMarked
package io.criollo.runtime.cdi;

import org.jspecify.annotations.NullMarked;
