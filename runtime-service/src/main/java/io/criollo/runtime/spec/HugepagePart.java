// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.spec.OciResources.HugepageLimit;
import java.util.List;
import java.util.regex.Pattern;

/// Limits per size of huge pages; none where the kernel cannot count them.
final class HugepagePart {
  private static final Pattern SIZE = Pattern.compile("[1-9][0-9]{0,5}[KMG]B");

  private HugepagePart() {}

  static List<HugepageLimit> of(String field, LinuxContainerResources limits, NodeFacts node) {
    var list =
        limits.getHugepageLimitsList().stream()
            .map(limit -> checked(field + "hugepage_limits.", limit))
            .toList();
    return node.has(Feature.HUGETLB) ? list : List.of();
  }

  private static HugepageLimit checked(String field, io.criollo.cri.v1.HugepageLimit limit) {
    var size = limit.getPageSize();
    Check.that(
        SIZE.matcher(size).matches(), field + "page_size", size, "must be such as 2MB or 1GB");
    Check.that(
        limit.getLimit() >= 0,
        field + "limit",
        Long.toUnsignedString(limit.getLimit()),
        "must be less than 2^63");
    return new HugepageLimit(size, limit.getLimit());
  }
}
