// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Mounts;
import io.criollo.linux.OpenFlags;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A file system in this process (the protocol of `linux/fuse.h`, version 7.31) with one flat
/// folder in memory, whose writes fail when told to. What write(2) returns comes from here, not
/// from a cache. One thread of its own serves it for as long as somebody has a file of it open.
final class FailingDisk implements AutoCloseable {
  private static final int LONGEST_WRITE = 128 << 10;
  private static final int ROOT = 1;
  private static final int FOLDER = 0040755;
  private static final int FILE = 0100640;
  private static final int ENTRY = 128;
  private static final int ATTRIBUTES = 104;
  private static final int DIRECT_IO = 1;
  private static final int SIZE_CHANGES = 1 << 3;

  /// The number of a file is its place, counted behind the root.
  private static final class Content {
    private String name;
    private byte[] bytes = {};

    private Content(String name) {
      this.name = name;
    }
  }

  private final Path folder;
  private final Fd device;
  private final Thread server;
  private final List<Content> files = new ArrayList<>();
  private final ByteBuffer in = direct(LONGEST_WRITE + 4096);
  private final ByteBuffer out = direct(LONGEST_WRITE + 4096);
  private long room = Long.MAX_VALUE;
  private int errno;
  private int failures;

  private FailingDisk(Path folder, Fd device) {
    this.folder = folder;
    this.device = device;
    this.server = Thread.ofPlatform().daemon().name("failing-disk").unstarted(this::serve);
  }

  private static ByteBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }

  static FailingDisk mount(Path folder) throws LinuxException {
    Fd device = Fd.open(Path.of("/dev/fuse"), OpenFlags.O_RDWR, 0);
    String options = "fd=%d,rootmode=40000,user_id=0,group_id=0".formatted(device.number());
    Mounts.mount("failing", folder, "fuse", 0, options);
    var disk = new FailingDisk(folder, device);
    disk.server.start();
    return disk;
  }

  /// So many more bytes are taken; then every write fails.
  synchronized void failAfter(long bytes, int error) {
    room = bytes;
    errno = error;
  }

  synchronized void mend() {
    room = Long.MAX_VALUE;
  }

  synchronized int failures() {
    return failures;
  }

  private void serve() {
    try {
      while (device.read(in.clear()) > 0) {
        in.flip();
        answer(in.getInt(4), in.getLong(8), in.getLong(16));
      }
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENODEV) { // ENODEV: unmounted
        System.err.println(e);
      }
    }
  }

  private synchronized void answer(int opcode, long unique, long node) throws LinuxException {
    if (opcode == 2 || opcode == 42) { // FORGET and BATCH_FORGET have no answer
      return;
    }
    out.clear().position(16);
    int error = perform(opcode, (int) node);
    if (error != 0) {
      out.position(16);
    }
    out.flip();
    out.putInt(0, out.limit()).putInt(4, -error).putLong(8, unique);
    var _ = device.write(out);
  }

  /// Puts the answer behind the header.
  ///
  /// @return an errno, or 0
  private int perform(int opcode, int node) {
    in.position(40);
    return switch (opcode) {
      case 26 -> init();
      case 1 -> lookUp(name());
      case 3 -> attributes(node);
      case 4 -> setAttributes(node);
      case 35 -> create();
      case 12, 45 -> rename(opcode == 12 ? 8 : 16);
      case 14, 27 -> opened(opcode == 14 ? DIRECT_IO : 0);
      case 15 -> read(node, in.getLong(48), in.getInt(56));
      case 16 -> write(node, in.getLong(48), in.getInt(56));
      case 18, 25, 28, 29 -> 0; // RELEASE, FLUSH, an empty READDIR, RELEASEDIR
      default -> Errno.ENOSYS;
    };
  }

  private String name() {
    return UTF_8.decode(in).toString().split("\0", -1)[0];
  }

  private int init() {
    out.putInt(7).putInt(31).putInt(0).putInt(0).putShort((short) 1).putShort((short) 1);
    out.putInt(LONGEST_WRITE).putInt(1).put(new byte[36]);
    return 0;
  }

  private int lookUp(String name) {
    for (int i = 0; i < files.size(); i++) {
      if (files.get(i).name.equals(name)) {
        return entry(ROOT + 1 + i);
      }
    }
    return Errno.ENOENT;
  }

  private int entry(int node) {
    out.putLong(node).put(new byte[ENTRY - 88 - 8]);
    attributesOf(node);
    return 0;
  }

  private int attributes(int node) {
    out.put(new byte[ATTRIBUTES - 88]);
    attributesOf(node);
    return 0;
  }

  private void attributesOf(int node) {
    out.putLong(node).putLong(node == ROOT ? 0 : file(node).bytes.length).put(new byte[44]);
    out.putInt(node == ROOT ? FOLDER : FILE).putInt(1).put(new byte[12]).putInt(4096).putInt(0);
  }

  private Content file(int node) {
    return files.get(node - ROOT - 1);
  }

  private int setAttributes(int node) {
    if ((in.getInt(40) & SIZE_CHANGES) != 0) {
      file(node).bytes = Arrays.copyOf(file(node).bytes, (int) in.getLong(56));
    }
    return attributes(node);
  }

  private int create() {
    in.position(56);
    files.add(new Content(name()));
    var _ = entry(ROOT + files.size());
    return opened(DIRECT_IO);
  }

  private int rename(int skipped) {
    in.position(40 + skipped);
    String[] names = UTF_8.decode(in).toString().split("\0", -1);
    rename(names[1], "");
    rename(names[0], names[1]);
    return 0;
  }

  private void rename(String from, String to) {
    files.stream().filter(f -> f.name.equals(from)).forEach(f -> f.name = to);
  }

  private int opened(int flags) {
    out.putLong(0).putInt(flags).putInt(0);
    return 0;
  }

  private int read(int node, long offset, int size) {
    byte[] bytes = file(node).bytes;
    int from = (int) Math.min(offset, bytes.length);
    out.put(bytes, from, Math.min(size, bytes.length - from));
    return 0;
  }

  private int write(int node, long offset, int size) {
    int count = (int) Math.min(size, room);
    if (count == 0) {
      failures++;
      return errno;
    }
    room -= count;
    byte[] old = file(node).bytes;
    byte[] bytes = Arrays.copyOf(old, (int) Math.max(old.length, offset + count));
    in.get(80, bytes, (int) offset, count);
    file(node).bytes = bytes;
    out.putInt(count).putInt(0);
    return 0;
  }

  @Override
  public void close() throws LinuxException {
    Mounts.unmountDetached(folder);
    device.close();
  }
}
