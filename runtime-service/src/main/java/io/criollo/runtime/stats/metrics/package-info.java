// SPDX-License-Identifier: Apache-2.0
/// Metrics of pods and containers under the names and labels that cAdvisor gave them.
@NullMarked
package io.criollo.runtime.stats.metrics;

import org.jspecify.annotations.NullMarked;
