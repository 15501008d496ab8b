// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.runtime.cdi.CdiDevices;
import io.criollo.runtime.cdi.CdiEdits;
import io.criollo.runtime.cdi.CdiName;
import io.criollo.runtime.spec.OciSpec.Hook;
import io.criollo.runtime.spec.OciSpec.Mount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Devices of the Container Device Interface that a container asks for, by the field of the request
/// or, as older device plugins do, by annotations.
final class CdiPart {
  private static final String FIELD = "config.CDI_devices";
  private static final String ANNOTATION = "cdi.k8s.io/";

  private CdiPart() {}

  /// {@return what the devices change; nothing is read while none is asked for}
  static CdiEdits of(SpecInput input) {
    var names = names(input.container());
    return names.isEmpty()
        ? CdiEdits.NONE
        : CdiDevices.read(input.node().defaults().devices().cdiSpecDirs()).edits(names, FIELD);
  }

  /// {@return the devices of the request, each once}
  static List<CdiName> names(ContainerConfig container) {
    var names = new LinkedHashSet<CdiName>();
    for (var device : container.getCDIDevicesList()) {
      names.add(name(FIELD, device.getName()));
    }
    new TreeMap<>(container.getAnnotationsMap())
        .forEach((key, value) -> {
          if (key.startsWith(ANNOTATION)) {
            for (var name : value.split(",", -1)) {
              names.add(name("config.annotations " + key, name));
            }
          }
        });
    return List.copyOf(names);
  }

  private static CdiName name(String field, String text) {
    var name = CdiName.parse(text);
    Check.that(name.isPresent(), field, text, "must be VENDOR/CLASS=DEVICE");
    return name.orElseThrow();
  }

  /// {@return these lines and those of the devices, which take the place of their namesakes}
  static List<String> env(List<String> own, CdiEdits edits) {
    if (edits.env().isEmpty()) {
      return own;
    }
    var env = new LinkedHashMap<String, String>();
    own.forEach(line -> env.put(line.substring(0, line.indexOf('=')), line));
    edits.env().forEach(line -> env.put(line.substring(0, line.indexOf('=')), line));
    return List.copyOf(env.values());
  }

  /// {@return these groups and those of the devices}
  static List<Integer> groups(List<Integer> own, CdiEdits edits) {
    var groups = new LinkedHashSet<>(own);
    edits.additionalGids().stream().filter(gid -> gid != 0).forEach(groups::add);
    return List.copyOf(groups);
  }

  static List<Mount> mounts(CdiEdits edits) {
    return edits.mounts().stream()
        .map(mount ->
            new Mount(
                Check.absolutePath(FIELD + " mounts.containerPath", mount.containerPath()),
                mount.type() == null || mount.type().isEmpty() ? "bind" : mount.type(),
                mount.hostPath(),
                mount.options()))
        .toList();
  }

  /// {@return hooks by stage, as config.json has them}
  static Map<String, List<Hook>> hooks(CdiEdits edits) {
    var hooks = new TreeMap<String, List<Hook>>();
    for (var hook : edits.hooks()) {
      hooks
          .computeIfAbsent(hook.hookName(), _ -> new ArrayList<>())
          .add(new Hook(hook.path(), hook.args(), hook.env(), hook.timeout()));
    }
    return hooks;
  }
}
