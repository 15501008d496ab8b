// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.spec.OciLinux.Namespace;
import io.criollo.runtime.spec.OciProcess.Capabilities;
import io.criollo.runtime.spec.OciResources.Cpu;
import io.criollo.runtime.spec.OciResources.DeviceRule;
import io.criollo.runtime.spec.OciSpec.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the `config.json` of a pod's init: the first process of a PID namespace that the pod's
/// containers share. It may do nothing but wait and reap.
public final class InitSpec {
  /// The program in the init's own tree.
  public static final String PROGRAM = "/init";

  private static final int NOBODY = 65535;
  private static final int OOM_SCORE = -998;
  private static final List<String> KERNEL = List.of("nosuid", "noexec", "nodev");

  private InitSpec() {}

  /// What an init is made of.
  ///
  /// @param rootfs a tree with the directories `dev` and `proc` and a file `init`
  /// @param program a static executable that waits when it is called with `-P`; none when the
  ///   process is never started
  /// @param joined the pod's pinned namespaces by type, as config.json names them
  /// @param made types of those that come with it and are pinned then
  /// @param users what its user namespace maps, if it is one of them
  public record Input(
      Path rootfs,
      Optional<Path> program,
      Map<String, Path> joined,
      List<String> made,
      Optional<UserNs> users,
      String cgroupPath) {
    public Input {
      joined = Map.copyOf(joined);
      made = List.copyOf(made);
    }
  }

  /// Makes the document.
  ///
  /// @param label of the files that it has, for SELinux
  public static OciSpec of(Input input, NodeFacts node, Optional<String> label) {
    return new OciSpec(
        OciSpec.VERSION,
        process(input.users),
        new OciSpec.Root(input.rootfs.toString(), true),
        mounts(input.program),
        AnnotationPart.forCgroup(input.cgroupPath),
        Map.of(),
        linux(input, node, label.orElse(null)));
  }

  private static OciProcess process(Optional<UserNs> users) {
    var none = List.<String>of();
    int id = users.isEmpty() || users.get().maps(NOBODY) ? NOBODY : 0;
    return new OciProcess(
        false,
        new OciProcess.User(id, id, null, List.of()),
        List.of(PROGRAM, "-P"),
        List.of(),
        "/",
        new Capabilities(none, none, none, none, none),
        true,
        OOM_SCORE,
        null,
        null,
        List.of(),
        null);
  }

  private static List<Mount> mounts(Optional<Path> program) {
    var mounts =
        new ArrayList<>(
            List.of(
                new Mount("/proc", "proc", "proc", KERNEL),
                new Mount(
                    "/dev",
                    "tmpfs",
                    "tmpfs",
                    List.of("nosuid", "noexec", "mode=755", "size=64k"))));
    program.ifPresent(path ->
        mounts.add(
            new Mount(PROGRAM, "bind", path.toString(), List.of("bind", "ro", "nosuid", "nodev"))));
    return List.copyOf(mounts);
  }

  private static OciLinux linux(Input input, NodeFacts node, @Nullable String label) {
    var nothing = List.of(new DeviceRule(false, "a", null, null, "rwm"));
    return new OciLinux(
        namespaces(input),
        input.users.map(UserNs::uids).map(List::of).orElse(List.of()),
        input.users.map(UserNs::gids).map(List::of).orElse(List.of()),
        List.of(),
        input.cgroupPath,
        new OciResources(nothing, null, cpu(node), null, List.of(), Map.of()),
        null,
        node.has(Feature.SECCOMP) ? SeccompProfile.builtIn().filter(Set.of()) : null,
        PathsPart.MASKED,
        PathsPart.READONLY,
        label);
  }

  private static @Nullable Cpu cpu(NodeFacts node) {
    return node.defaults()
        .processes()
        .initCpus()
        .map(cpus -> new Cpu(null, null, null, cpus.text(), null))
        .orElse(null);
  }

  private static List<Namespace> namespaces(Input input) {
    var all = new ArrayList<Namespace>();
    for (var type : List.of("user", "network", "ipc", "uts")) {
      if (input.made.contains(type)) {
        all.add(new Namespace(type, null));
      }
    }
    all.add(new Namespace("mount", null));
    all.add(new Namespace("pid", null));
    all.add(new Namespace("cgroup", null));
    for (var type : List.of("network", "ipc", "uts")) {
      Optional.ofNullable(input.joined.get(type))
          .ifPresent(path -> all.add(new Namespace(type, path.toString())));
    }
    return all;
  }
}
