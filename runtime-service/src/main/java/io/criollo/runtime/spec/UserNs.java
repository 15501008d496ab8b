// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.IDMapping;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.UserNamespace;
import io.criollo.runtime.spec.OciLinux.IdMapping;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.Optional;

/// The user namespace of a pod: which ids of the node its ids 0, 1, … are.
public record UserNs(IdMapping uids, IdMapping gids) {
  private static final String FIELD =
      "config.linux.security_context.namespace_options.userns_options.";

  /// The last id is the kernel's "none".
  private static final long IDS = 0xffffffffL;

  /// {@return the user namespace that a pod asks for, checked; empty: the node's}
  public static Optional<UserNs> of(PodSandboxConfig pod) {
    return of(pod.getLinux().getSecurityContext().getNamespaceOptions());
  }

  /// {@return the user namespace that a request asks for, checked; empty: the node's}
  public static Optional<UserNs> of(NamespaceOption options) {
    if (!options.hasUsernsOptions()) {
      return Optional.empty();
    }
    var asked = options.getUsernsOptions();
    return switch (asked.getMode()) {
      case NODE -> {
        Check.that(
            asked.getUidsCount() + asked.getGidsCount() == 0,
            FIELD + "uids",
            asked.getUidsCount() + " mappings",
            "must be empty with mode NODE");
        yield Optional.empty();
      }
      case POD -> Optional.of(checked(asked));
      case CONTAINER, TARGET, UNRECOGNIZED ->
          throw new Refusal.InvalidArgument(
              FIELD + "mode", mode(asked), "must be " + NamespaceMode.POD + " or NODE");
    };
  }

  private static String mode(UserNamespace asked) {
    return asked.getMode() == NamespaceMode.UNRECOGNIZED
        ? Integer.toString(asked.getModeValue())
        : asked.getMode().name();
  }

  private static UserNs checked(UserNamespace asked) {
    return new UserNs(
        only(FIELD + "uids", asked.getUidsList()), only(FIELD + "gids", asked.getGidsList()));
  }

  private static IdMapping only(String field, List<IDMapping> mappings) {
    Check.that(
        mappings.size() == 1, field, mappings.size() + " mappings", "must be exactly one mapping");
    var one = mappings.getFirst();
    long host = Integer.toUnsignedLong(one.getHostId());
    long length = Integer.toUnsignedLong(one.getLength());
    Check.that(
        one.getContainerId() == 0,
        field + ".container_id",
        Integer.toUnsignedString(one.getContainerId()),
        "must be 0");
    Check.that(length > 0, field + ".length", length, "must be positive");
    Check.that(
        host + length <= IDS, field + ".host_id", host, "must be below 2^32 - 1 with its length");
    return new IdMapping(0, host, length);
  }

  /// {@return the node's user that is root in the pod}
  public int rootUid() {
    return (int) uids.hostID();
  }

  /// {@return the node's group that is root's in the pod}
  public int rootGid() {
    return (int) gids.hostID();
  }

  /// Refuses ids that are none in it, which the kernel would refuse only at the start.
  public void requireMapped(ContainerUserIds user) {
    requireMapped("user", user.uid(), uids);
    requireMapped("group", user.gid(), gids);
    user.groups().forEach(group -> requireMapped("supplementary group", group, gids));
  }

  private static void requireMapped(String kind, int id, IdMapping ids) {
    Check.that(
        id < ids.size(),
        "config.linux.security_context: " + kind,
        id,
        "must be below " + ids.size() + ", the ids that the pod's user namespace has");
  }

  boolean maps(int id) {
    return id < uids.size() && id < gids.size();
  }
}
