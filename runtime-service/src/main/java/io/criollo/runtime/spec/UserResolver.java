// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.linux.LinuxException;
import io.criollo.runtime.spec.AccountFiles.Account;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Finds out which ids a container's processes have: from the request, else from the image's USER,
/// with the help of the image's own account files. The primary group is always one of the
/// supplementary groups, so that a file's "others" never has more rights than its group
/// (CVE-2022-2995).
public final class UserResolver {
  private static final String FIELD = "config.linux.security_context.";
  private static final String OF_IMAGE = "USER of the image";
  private static final int NGROUPS_MAX = 65_536;

  private final LinuxContainerSecurityContext request;
  private final UserName user;
  private final AccountFiles files;

  private UserResolver(LinuxContainerSecurityContext request, UserName user, AccountFiles files) {
    this.request = request;
    this.user = user;
    this.files = files;
  }

  /// Finds the ids.
  ///
  /// @param rootfs the mounted root file system
  /// @param imageUser USER of the image, perhaps empty
  /// @throws Refusal for ids out of range and names that the image does not know
  public static ContainerUserIds resolve(
      Path rootfs, LinuxContainerSecurityContext request, String imageUser) throws LinuxException {
    check(request);
    var user = user(request, imageUser);
    return new UserResolver(request, user, AccountFiles.of(rootfs)).resolve();
  }

  private static void check(LinuxContainerSecurityContext request) {
    boolean byName = !request.getRunAsUsername().isEmpty();
    Check.that(
        !(request.hasRunAsUser() && byName),
        FIELD + "run_as_username",
        request.getRunAsUsername(),
        "must be empty when run_as_user is set");
    Check.that(
        !request.hasRunAsGroup() || request.hasRunAsUser() || byName,
        FIELD + "run_as_group",
        request.getRunAsGroup().getValue(),
        "needs run_as_user or run_as_username");
    Check.that(
        request.getSupplementalGroupsCount() < NGROUPS_MAX,
        FIELD + "supplemental_groups",
        request.getSupplementalGroupsCount(),
        "must be fewer than " + NGROUPS_MAX);
  }

  private static UserName user(LinuxContainerSecurityContext request, String imageUser) {
    if (request.hasRunAsUser()) {
      int uid = Check.id(FIELD + "run_as_user", request.getRunAsUser().getValue());
      return new UserName(Integer.toString(uid), Optional.empty());
    }
    if (!request.getRunAsUsername().isEmpty()) {
      return UserName.withoutGroup(FIELD + "run_as_username", request.getRunAsUsername());
    }
    return UserName.parse(OF_IMAGE, imageUser);
  }

  private ContainerUserIds resolve() throws LinuxException {
    var id = user.userId();
    var account = id.isPresent() ? files.user(id.get()) : Optional.of(named());
    int uid = id.isPresent() ? id.get() : account.orElseThrow().uid();
    int gid = gid(account);
    return new ContainerUserIds(
        uid, gid, groups(gid, account), account.map(Account::home).orElse("/"));
  }

  private Account named() throws LinuxException {
    return files
        .user(user.user())
        .orElseThrow(() ->
            new Refusal.InvalidArgument(
                request.getRunAsUsername().isEmpty() ? OF_IMAGE : FIELD + "run_as_username",
                user.user(),
                "is not in /etc/passwd of the image"));
  }

  private int gid(Optional<Account> account) throws LinuxException {
    if (request.hasRunAsGroup()) {
      return Check.id(FIELD + "run_as_group", request.getRunAsGroup().getValue());
    }
    if (user.group().isEmpty()) {
      return account.map(Account::gid).orElse(0);
    }
    var id = user.groupId();
    return id.isPresent() ? id.get() : namedGroup(user.group().get());
  }

  private int namedGroup(String name) throws LinuxException {
    return files
        .group(name)
        .orElseThrow(
            () -> new Refusal.InvalidArgument(OF_IMAGE, name, "is not in /etc/group of the image"));
  }

  /// A group that the image's USER names stands alone, as it does for other runtimes.
  private List<Integer> groups(int gid, Optional<Account> account) throws LinuxException {
    var groups = new LinkedHashSet<Integer>();
    groups.add(gid);
    for (long group : request.getSupplementalGroupsList()) {
      groups.add(Check.id(FIELD + "supplemental_groups", group));
    }
    if (merges() && account.isPresent() && user.group().isEmpty()) {
      groups.addAll(files.groupsOf(account.get().name()));
    }
    return groups.stream().limit(NGROUPS_MAX).toList();
  }

  private boolean merges() {
    return switch (request.getSupplementalGroupsPolicy()) {
      case Merge -> true;
      case Strict -> false;
      case UNRECOGNIZED ->
          throw new Refusal.InvalidArgument(
              FIELD + "supplemental_groups_policy",
              request.getSupplementalGroupsPolicyValue(),
              "must be Merge or Strict");
    };
  }
}
