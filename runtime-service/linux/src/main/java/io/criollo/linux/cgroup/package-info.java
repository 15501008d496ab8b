// SPDX-License-Identifier: Apache-2.0
/// Control groups, version 2 (`Documentation/admin-guide/cgroup-v2.rst` of Linux).
@NullMarked
package io.criollo.linux.cgroup;

import org.jspecify.annotations.NullMarked;
