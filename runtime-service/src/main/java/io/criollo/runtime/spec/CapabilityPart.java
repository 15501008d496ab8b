// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.Capability;
import io.criollo.runtime.spec.OciProcess.Capabilities;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Which powers of root the process keeps. Without ambient ones nothing is inheritable unless the
/// configuration says so, and a user other than root starts with none.
final class CapabilityPart {
  private static final String FIELD = "config.linux.security_context.capabilities.";

  private CapabilityPart() {}

  static Capabilities of(SpecInput input) {
    var request = input.security().getCapabilities();
    var names = new CapabilityNames(input.node().lastCapability());
    var bounding =
        input.privileged()
            ? names.all()
            : bounding(request, names, input.node().defaults().security().capabilities());
    var ambient = new TreeSet<String>();
    names.addTo(
        ambient, FIELD + "add_ambient_capabilities", request.getAddAmbientCapabilitiesList());
    bounding.addAll(ambient);
    var own = List.copyOf(input.user().uid() == 0 ? bounding : ambient);
    boolean inheritable = input.node().defaults().security().inheritable();
    return new Capabilities(
        List.copyOf(bounding),
        own,
        List.copyOf(inheritable ? bounding : ambient),
        own,
        List.copyOf(ambient));
  }

  /// "ALL" first, then single additions, then single drops.
  private static Set<String> bounding(
      Capability request, CapabilityNames names, Collection<String> defaults) {
    var adds = request.getAddCapabilitiesList();
    var drops = request.getDropCapabilitiesList();
    var set = new TreeSet<String>();
    if (!names.hasAll(drops)) {
      names.addTo(set, "default_capabilities", defaults);
    }
    if (names.hasAll(adds)) {
      set.addAll(names.all());
    }
    names.addTo(set, FIELD + "add_capabilities", adds);
    var dropped = new TreeSet<String>();
    names.addTo(dropped, FIELD + "drop_capabilities", names.withoutAll(drops));
    set.removeAll(dropped);
    return set;
  }
}
