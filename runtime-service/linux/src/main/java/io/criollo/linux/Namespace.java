// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

/// Kinds of namespaces that can be pinned. A thread of the JVM can make and join the first three by
/// itself; PID and user namespaces are another process's, since a process of many threads cannot
/// change its own.
public enum Namespace {
  NET("net", 0x40000000),
  IPC("ipc", 0x08000000),
  UTS("uts", 0x04000000),
  PID("pid", 0x20000000),
  USER("user", 0x10000000);

  private final String file;
  private final int flag;

  Namespace(String file, int flag) {
    this.file = file;
    this.flag = flag;
  }

  /// {@return its name below `/proc/PID/ns`, and that of its pin}
  public String file() {
    return file;
  }

  int flag() {
    return flag;
  }
}
