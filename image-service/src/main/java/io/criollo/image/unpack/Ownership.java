// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.image.unpack.TarEntry.Attributes;
import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Xattrs;

/// Gives files the owner, mode, attributes and times of their tar entry. Owner comes before mode
/// and attributes, because chown(2) takes set-uid bits and capabilities away.
final class Ownership {
  private static final String CAPABILITY = "security.capability";

  private Ownership() {}

  static void apply(Fd file, Attributes attributes) throws LinuxException {
    file.chown(attributes.uid(), attributes.gid());
    file.chmod(attributes.mode());
    xattrs(file, attributes);
  }

  /// As [#apply], without what a new file has already.
  static void complete(Fd file, FileStat made, Attributes attributes) throws LinuxException {
    var owned = made.uid() == attributes.uid() && made.gid() == attributes.gid();
    if (!owned) {
      file.chown(attributes.uid(), attributes.gid());
    }
    if (!owned || made.permissions() != attributes.mode()) {
      file.chmod(attributes.mode());
    }
    xattrs(file, attributes);
    file.utimens(attributes.modified(), attributes.modified());
  }

  private static void xattrs(Fd file, Attributes attributes) throws LinuxException {
    for (var xattr : attributes.xattrs().entrySet()) {
      if (isKept(xattr.getKey())) {
        set(file, xattr.getKey(), xattr.getValue().bytes());
      }
    }
  }

  /// An image may say what its files carry, but not steer overlay (`trusted.overlay.*`) or the
  /// security modules.
  static boolean isKept(String name) {
    return name.equals(CAPABILITY)
        || name.startsWith("system.posix_acl_")
        || (name.startsWith("user.") && !name.startsWith("user.overlay."));
  }

  private static void set(Fd file, String name, byte[] value) throws LinuxException {
    try {
      Xattrs.set(file, name, value);
    } catch (LinuxException e) {
      if (name.equals(CAPABILITY) || !e.is(Errno.EOPNOTSUPP)) {
        throw e;
      }
    }
  }

  static void owner(DirFd parent, String name, Attributes attributes) throws LinuxException {
    parent.chown(name, attributes.uid(), attributes.gid());
  }

  static void time(DirFd parent, String name, Attributes attributes) throws LinuxException {
    parent.utimens(name, attributes.modified(), attributes.modified());
  }
}
