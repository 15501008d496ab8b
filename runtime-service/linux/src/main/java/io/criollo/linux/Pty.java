// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A pseudo-terminal (pty(7)). Who opens it closes it; closing one end alone is done on its [Fd].
public record Pty(Fd master, Fd slave) implements AutoCloseable {
  private static final int TIOCSWINSZ = 0x5414;
  private static final int TIOCGWINSZ = 0x5413;
  private static final int TIOCGPTPEER = 0x5441;
  private static final int TIOCSPTLCK = 0x40045431;

  /// Opens a new pair on the host's devpts.
  public static Pty open() throws LinuxException {
    var flags = OpenFlags.O_RDWR | OpenFlags.O_NOCTTY;
    var master = Fd.open(Path.of("/dev/ptmx"), flags, 0);
    try (var arena = Arena.ofConfined()) {
      var unlocked = arena.allocateFrom(ValueLayout.JAVA_INT, 0);
      var _ =
          master.run(Syscall.IOCTL, "unlock the terminal of", TIOCSPTLCK, unlocked.address(), 0);
      var peer =
          master.run(
              Syscall.IOCTL, "open the terminal of", TIOCGPTPEER, flags | OpenFlags.O_CLOEXEC, 0);
      return new Pty(master, Fd.adopt((int) peer));
    } catch (LinuxException e) {
      master.close();
      throw e;
    }
  }

  /// Columns and rows of a terminal.
  public record Size(int columns, int rows) {
    public Size {
      if (columns < 0 || columns > 0xFFFF || rows < 0 || rows > 0xFFFF) {
        throw new IllegalArgumentException("terminal of " + columns + "×" + rows);
      }
    }
  }

  /// Sets the size by either end; the foreground process group gets SIGWINCH.
  public static void resize(Fd terminal, Size size) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var window = arena.allocate(8, 2);
      window.set(ValueLayout.JAVA_SHORT, 0, (short) size.rows());
      window.set(ValueLayout.JAVA_SHORT, 2, (short) size.columns());
      var _ = terminal.run(Syscall.IOCTL, "resize", TIOCSWINSZ, window.address(), 0);
    }
  }

  public static Size size(Fd terminal) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var window = arena.allocate(8, 2);
      var _ = terminal.run(Syscall.IOCTL, "read the size of", TIOCGWINSZ, window.address(), 0);
      return new Size(
          window.get(ValueLayout.JAVA_SHORT, 2) & 0xFFFF,
          window.get(ValueLayout.JAVA_SHORT, 0) & 0xFFFF);
    }
  }

  @Override
  public void close() {
    master.close();
    slave.close();
  }
}
