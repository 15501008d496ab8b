// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.DirFd;
import io.criollo.linux.LinuxException;

/// Whose the directories are that are made for VOLUME paths: the user's as whom the container runs,
/// as CRI-O has it, since nobody else could write there.
///
/// @param uid the node's number of the user
/// @param gid the node's number of the group
record VolumeOwner(int uid, int gid) {
  static VolumeOwner of(SpecInput input) {
    var users = input.users();
    return new VolumeOwner(
        users.map(UserNs::rootUid).orElse(0) + input.user().uid(),
        users.map(UserNs::rootGid).orElse(0) + input.user().gid());
  }

  void take(DirFd directory) throws LinuxException {
    var now = directory.fd().stat();
    if (now.uid() != uid || now.gid() != gid) {
      directory.fd().chown(uid, gid);
    }
  }
}
