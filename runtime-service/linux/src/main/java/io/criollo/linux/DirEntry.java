// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

/// One name in a directory.
///
/// @param type `DT_*` of readdir(3); 0 when the file system does not say
public record DirEntry(String name, long inode, int type) {
  static final int DT_DIR = 4;
  static final int DT_UNKNOWN = 0;

  public boolean isDirectory() {
    return type == DT_DIR;
  }
}
