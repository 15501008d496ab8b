// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

/// Another effective user for a moment, of one [NamespaceThread] alone: the system call knows
/// threads, unlike setresuid(3). Opens no file of the daemon meanwhile.
final class EffectiveUser {
  private static final int PR_GET_DUMPABLE = 3;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int SAME = -1;
  private static final int ROOT = 0;

  private EffectiveUser() {}

  /// The change makes the process one without core dumps (prctl(2)), so that is put back, and no
  /// two threads are here at a time.
  ///
  /// @throws LinuxException of the kernel or of `work`
  static synchronized void run(int uid, Work work) throws LinuxException {
    NamespaceThread.require("becoming user " + Integer.toUnsignedString(uid));
    var dumpable = Syscall.PRCTL.call(PR_GET_DUMPABLE);
    become(uid);
    try {
      work.run();
    } finally {
      become(ROOT);
      if (dumpable == 1) {
        var _ = Syscall.PRCTL.call(PR_SET_DUMPABLE, 1);
      }
    }
  }

  private static void become(int uid) throws LinuxException {
    var result = Syscall.SETRESUID.call(SAME, Integer.toUnsignedLong(uid), SAME);
    if (result < 0) {
      throw Syscall.SETRESUID.failed(result, "become user " + Integer.toUnsignedString(uid));
    }
  }

  /// What is done as the other user.
  @FunctionalInterface
  interface Work {
    void run() throws LinuxException;
  }
}
