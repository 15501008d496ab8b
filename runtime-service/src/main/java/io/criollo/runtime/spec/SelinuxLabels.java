// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.SELinuxOption;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.PodId;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The SELinux labels of a container: what the request gives, for the container or for its pod,
/// with gaps filled so that pods are kept apart: each has two categories of its own. A container
/// that shares the node's processes, IPC or network, or is privileged, is not confined, as with
/// CRI-O; of the network the configuration may say otherwise.
///
/// @param process of its processes
/// @param files of its root file system, and of volumes that are to be relabelled
public record SelinuxLabels(String process, String files) {
  /// The type of processes that are not confined.
  static final String UNCONFINED = "spc_t";

  private static final String FIELD = "config.linux.security_context.selinux_options.";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{0,255}");
  private static final Pattern LEVEL =
      Pattern.compile("|s\\d{1,4}(-s\\d{1,4})?(:c\\d{1,4}([.,]c\\d{1,4}){0,63})?");
  private static final Pattern RANGE = Pattern.compile("c(\\d+)\\.c(\\d+)");
  private static final int CATEGORIES = 1024;
  private static final int DIGITS = 8;

  /// Checks options of a pod or a container as far as the text goes.
  public static void check(SELinuxOption options) {
    name("user", options.getUser());
    name("role", options.getRole());
    name("type", options.getType());
    var level = options.getLevel();
    Check.that(LEVEL.matcher(level).matches(), FIELD + "level", level, "must be such as s0:c1,c2");
    Check.that(
        RANGE.matcher(level).results().allMatch(SelinuxLabels::ascends),
        FIELD + "level",
        level,
        "must have ranges such as c1.c5, the lower category first");
  }

  private static boolean ascends(MatchResult range) {
    return Integer.parseInt(range.group(1)) < Integer.parseInt(range.group(2));
  }

  private static void name(String part, String value) {
    Check.that(NAME.matcher(value).matches(), FIELD + part, value, "must be a name of the policy");
  }

  /// {@return the labels of a container; empty on a node without SELinux}
  ///
  /// @param container whose PID mode says whose processes it sees
  public static Optional<SelinuxLabels> of(
      NodeFacts node, PodId id, PodSandboxConfig pod, ContainerConfig container) {
    if (!node.has(Feature.SELINUX)) {
      return Optional.empty();
    }
    var security = container.getLinux().getSecurityContext();
    var given = options(pod).toBuilder().mergeFrom(security.getSelinuxOptions()).build();
    boolean confined = confined(node, pod, security);
    var process =
        String.join(
            ":",
            or(given.getUser(), "system_u"),
            or(given.getRole(), "system_r"),
            or(given.getType(), confined ? "container_t" : UNCONFINED),
            or(given.getLevel(), confined ? level(id) : "s0"));
    return Optional.of(new SelinuxLabels(process, files(id, given)));
  }

  /// {@return the label of the files that containers of a pod share; empty without SELinux}
  public static Optional<String> ofPod(NodeFacts node, PodId id, PodSandboxConfig pod) {
    return node.has(Feature.SELINUX) ? Optional.of(files(id, options(pod))) : Optional.empty();
  }

  private static String files(PodId id, SELinuxOption given) {
    return String.join(
        ":",
        or(given.getUser(), "system_u"),
        "object_r",
        "container_file_t",
        or(given.getLevel(), level(id)));
  }

  private static SELinuxOption options(PodSandboxConfig pod) {
    return pod.getLinux().getSecurityContext().getSelinuxOptions();
  }

  private static boolean confined(
      NodeFacts node, PodSandboxConfig pod, LinuxContainerSecurityContext security) {
    var shared = pod.getLinux().getSecurityContext().getNamespaceOptions();
    boolean onHostNetwork = shared.getNetwork() == NamespaceMode.NODE;
    return !security.getPrivileged()
        && (!onHostNetwork || node.defaults().security().selinuxOnHostNetwork())
        && shared.getIpc() != NamespaceMode.NODE
        && security.getNamespaceOptions().getPid() != NamespaceMode.NODE;
  }

  /// {@return the level of a pod that names none: two categories, made of its id, so that they are
  /// the same after a restart}
  public static String level(PodId id) {
    long number = Long.parseLong(id.hex().substring(0, DIGITS), 16);
    long first = number % CATEGORIES;
    long second = number / CATEGORIES % (CATEGORIES - 1);
    if (second >= first) {
      second++;
    }
    return "s0:c" + Math.min(first, second) + ",c" + Math.max(first, second);
  }

  private static String or(String given, String usual) {
    return given.isEmpty() ? usual : given;
  }

  boolean isConfined() {
    return !process.contains(":" + UNCONFINED + ":");
  }
}
