// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.NamespaceMode;
import io.criollo.runtime.spec.OciLinux.Namespace;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which namespaces the container joins and which it gets anew; one that is not listed is the
/// host's.
final class NamespacePart {
  private static final String FIELD = "config.linux.security_context.namespace_options.";

  private NamespacePart() {}

  static List<Namespace> of(SpecInput input) {
    check(input);
    var list = new ArrayList<Namespace>();
    list.add(new Namespace("mount", null));
    join(list, "network", input.paths().namespaces().net());
    join(list, "ipc", input.paths().namespaces().ipc());
    join(list, "uts", input.paths().namespaces().uts());
    join(list, "user", input.paths().namespaces().user());
    pid(input).ifPresent(list::add);
    if (!input.privileged() || input.users().isPresent()) {
      list.add(new Namespace("cgroup", null));
    }
    return List.copyOf(list);
  }

  private static void join(List<Namespace> list, String type, Optional<Path> path) {
    path.ifPresent(at -> list.add(new Namespace(type, at.toString())));
  }

  private static Optional<Namespace> pid(SpecInput input) {
    var mode = input.security().getNamespaceOptions().getPid();
    return switch (mode) {
      case CONTAINER -> Optional.of(new Namespace("pid", null));
      case NODE -> Optional.empty();
      case POD, TARGET -> Optional.of(new Namespace("pid", shared(mode, input.paths())));
      case UNRECOGNIZED ->
          throw new Refusal.InvalidArgument(
              FIELD + "pid",
              input.security().getNamespaceOptions().getPidValue(),
              "must be POD, CONTAINER, NODE or TARGET");
    };
  }

  private static String shared(NamespaceMode mode, PodPaths paths) {
    return paths
        .namespaces()
        .pid()
        .orElseThrow(() ->
            new Refusal.InvalidArgument(
                FIELD + "pid", mode, "the pod has no PID namespace to share"))
        .toString();
  }

  private static void check(SpecInput input) {
    var options = input.security().getNamespaceOptions();
    known("network", options.getNetwork(), options.getNetworkValue());
    known("ipc", options.getIpc(), options.getIpcValue());
    if (options.hasUsernsOptions()) {
      Check.that(
          UserNs.of(options).equals(input.users()),
          FIELD + "userns_options",
          options.getUsernsOptions().toString().replaceAll("\\s+", " ").strip(),
          "must be the pod's");
    }
    Check.that(
        options.getPid() != NamespaceMode.TARGET || !options.getTargetId().isEmpty(),
        FIELD + "target_id",
        "",
        "must name a container of the pod when pid is TARGET");
  }

  private static void known(String name, NamespaceMode mode, int number) {
    switch (mode) {
      case POD, NODE -> {}
      case CONTAINER, TARGET ->
          throw new Refusal.InvalidArgument(FIELD + name, mode, "must be POD or NODE");
      case UNRECOGNIZED ->
          throw new Refusal.InvalidArgument(FIELD + name, number, "must be POD or NODE");
    }
  }
}
