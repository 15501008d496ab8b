// SPDX-License-Identifier: Apache-2.0
/// What the daemon counts of itself, served over HTTP in Prometheus' text format. Nothing of it is
/// there while `enable_metrics` is off.
@NullMarked
package io.criollo.runtime.metrics;

import org.jspecify.annotations.NullMarked;
