// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The smallest program there is: it sleeps, and by that keeps its descriptors open. A dozen KiB of
/// memory, nothing that could fail; it ends by a signal only.
public final class Sleeper {
  private static final long ADDRESS = 0x400000;
  private static final int ELF_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int X86_64_MACHINE = 62;
  private static final int AARCH64_MACHINE = 183;

  private Sleeper() {}

  /// Writes the program to `file`, which must be where programs may be executed.
  public static void install(Path file) throws LinuxException {
    AtomicFile.writeVolatile(file, program(Arch.CURRENT));
    try (Fd program = Fd.open(file, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW, 0)) {
      program.chmod(0700);
    }
  }

  /// Starts an installed one in a session of its own. [Subreaper] reaps it.
  ///
  /// @param descriptors the number in the sleeper to a descriptor of ours, which is copied
  public static PidFd start(Path file, Map<Integer, Fd> descriptors) throws LinuxException {
    var launch =
        new Spawn.Launch(
            List.of(file.toString()),
            Map.of(),
            Optional.of(Path.of("/")),
            descriptors,
            Spawn.Group.OWN_SESSION);
    try (Child child = Spawn.start(launch)) {
      return PidFd.of(child.pidFd().fd().dup(), child.pid());
    }
  }

  /// elf(5): one header, one loaded segment that holds everything.
  static byte[] program(Arch arch) {
    byte[] code = code(arch);
    int size = ELF_HEADER + PROGRAM_HEADER + code.length;
    var elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    elf.putShort((short) 2); // ET_EXEC
    elf.putShort((short) (arch == Arch.X86_64 ? X86_64_MACHINE : AARCH64_MACHINE)).putInt(1);
    elf.putLong(ADDRESS + ELF_HEADER + PROGRAM_HEADER).putLong(ELF_HEADER).putLong(0);
    elf.putInt(0).putShort((short) ELF_HEADER);
    elf.putShort((short) PROGRAM_HEADER).putShort((short) 1).position(ELF_HEADER);
    elf.putInt(1).putInt(5); // PT_LOAD, readable and executable
    elf.putLong(0).putLong(ADDRESS).putLong(ADDRESS);
    elf.putLong(size).putLong(size).putLong(0x10000);
    return elf.put(code).array();
  }

  /// `for (;;) pause();` or, where that is no system call, `for (;;) ppoll(0, 0, 0, 0, 0);` (the
  /// kernel starts a program with its registers zero).
  private static byte[] code(Arch arch) {
    return switch (arch) {
      case X86_64 -> new byte[] {(byte) 0xb8, 34, 0, 0, 0, 0x0f, 0x05, (byte) 0xeb, (byte) 0xf7};
      case AARCH64 ->
          ByteBuffer.allocate(12)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(0xd2800928) // mov x8, #73
              .putInt(0xd4000001) // svc #0
              .putInt(0x17fffffe) // b .-8
              .array();
    };
  }
}
