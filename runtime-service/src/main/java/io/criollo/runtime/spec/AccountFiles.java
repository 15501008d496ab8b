// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Resolve;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// `/etc/passwd` and `/etc/group` of an image, which are its author's data: found without leaving
/// the root file system, read only when regular files of at most 8 MiB, lines that are not well
/// formed passed over. A file that is missing is empty.
final class AccountFiles {
  private static final int LARGEST = 8 * 1024 * 1024;

  /// More than either file has: the rest of a line stays in one piece.
  private static final int FIELDS = 8;

  private final Path rootfs;

  private AccountFiles(Path rootfs) {
    this.rootfs = rootfs;
  }

  static AccountFiles of(Path rootfs) {
    return new AccountFiles(rootfs);
  }

  /// @param home absolute, without control characters
  record Account(String name, int uid, int gid, String home) {}

  Optional<Account> user(int uid) throws LinuxException {
    return user(account -> account.uid == uid);
  }

  Optional<Account> user(String name) throws LinuxException {
    return user(account -> account.name.equals(name));
  }

  private Optional<Account> user(Predicate<Account> wanted) throws LinuxException {
    return lines("etc/passwd")
        .flatMap(fields -> account(fields).stream())
        .filter(wanted)
        .findFirst();
  }

  Optional<Integer> group(String name) throws LinuxException {
    return lines("etc/group")
        .filter(fields -> fields.size() >= 3 && fields.get(0).equals(name))
        .flatMap(fields -> id(fields.get(2)).stream())
        .findFirst();
  }

  /// {@return the groups that list the user as a member}
  List<Integer> groupsOf(String user) throws LinuxException {
    return lines("etc/group")
        .filter(fields -> fields.size() >= 4 && lists(fields.get(3), user))
        .flatMap(fields -> id(fields.get(2)).stream())
        .toList();
  }

  private static boolean lists(String members, String user) {
    return user.indexOf(',') < 0 && ("," + members + ",").contains("," + user + ",");
  }

  private static Optional<Account> account(List<String> fields) {
    if (fields.size() < 4 || fields.get(0).isEmpty()) {
      return Optional.empty();
    }
    var home = fields.size() > 5 ? home(fields.get(5)) : "/";
    return id(fields.get(2))
        .flatMap(uid -> id(fields.get(3)).map(gid -> new Account(fields.get(0), uid, gid, home)));
  }

  private static String home(String text) {
    boolean usable = text.startsWith("/") && text.chars().noneMatch(Character::isISOControl);
    return usable ? text : "/";
  }

  private static Optional<Integer> id(String text) {
    try {
      return Optional.of(Integer.parseInt(text)).filter(id -> id >= 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Stream<List<String>> lines(String name) throws LinuxException {
    return Lines.of(content(name)).map(line -> List.of(line.split(":", FIELDS)));
  }

  private byte[] content(String name) throws LinuxException {
    try (var root = Fd.open(rootfs, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0);
        var place =
            Fd.openAt2(root, name, OpenFlags.O_PATH, 0, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS)) {
      var stat = place.stat();
      if (!stat.isRegularFile() || stat.size() > LARGEST) {
        throw new Refusal.FailedPrecondition(
            "/" + name + " of the image: must be a regular file of at most 8 MiB");
      }
      try (var file = Fd.open(place.procPath(), OpenFlags.O_RDONLY, 0)) {
        return file.readAll(LARGEST);
      }
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return new byte[0];
      }
      throw e;
    }
  }
}
