// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

/// System calls by number, each with its C signature; the two numbers are those of x86_64 and
/// aarch64. Only forms that both have. A call gives its result or `-errno`, and starts again after
/// EINTR.
enum Syscall {
  /// `ssize_t read(int fd, void *buffer, size_t count)`
  READ(0, 63, "2.6"),
  /// `ssize_t write(int fd, const void *buffer, size_t count)`
  WRITE(1, 64, "2.6"),
  /// `int close(int fd)`
  CLOSE(3, 57, "2.6"),
  /// `off_t lseek(int fd, off_t offset, int whence)`
  LSEEK(8, 62, "2.6"),
  /// `int ioctl(int fd, unsigned long request, void *argument)`
  IOCTL(16, 29, "2.6"),
  /// `ssize_t pread64(int fd, void *buffer, size_t count, off_t offset)`
  PREAD64(17, 67, "2.6"),
  /// `ssize_t pwrite64(int fd, const void *buffer, size_t count, off_t offset)`
  PWRITE64(18, 68, "2.6"),
  /// `ssize_t writev(int fd, const struct iovec *vectors, int count)`
  WRITEV(20, 66, "2.6"),
  /// `int socket(int domain, int type, int protocol)`
  SOCKET(41, 198, "2.6"),
  /// `int connect(int fd, const struct sockaddr *address, socklen_t length)`
  CONNECT(42, 203, "2.6"),
  /// `ssize_t sendmsg(int fd, const struct msghdr *message, int flags)`
  SENDMSG(46, 211, "2.6"),
  /// `ssize_t recvmsg(int fd, struct msghdr *message, int flags)`
  RECVMSG(47, 212, "2.6"),
  /// `int shutdown(int fd, int how)`
  SHUTDOWN(48, 210, "2.6"),
  /// `int bind(int fd, const struct sockaddr *address, socklen_t length)`
  BIND(49, 200, "2.6"),
  /// `int listen(int fd, int backlog)`
  LISTEN(50, 201, "2.6"),
  /// `int socketpair(int domain, int type, int protocol, int fds[2])`
  SOCKETPAIR(53, 199, "2.6"),
  /// `int setsockopt(int fd, int level, int name, const void *value, socklen_t length)`
  SETSOCKOPT(54, 208, "2.6"),
  /// `int getsockopt(int fd, int level, int name, void *value, socklen_t *length)`
  GETSOCKOPT(55, 209, "2.6"),
  /// `int execve(const char *path, char *const argv[], char *const envp[])`
  EXECVE(59, 221, "2.6"),
  /// `int kill(pid_t pid, int signal)`
  KILL(62, 129, "2.6"),
  /// `int fcntl(int fd, int command, long argument)`
  FCNTL(72, 25, "2.6"),
  /// `int flock(int fd, int operation)`
  FLOCK(73, 32, "2.6"),
  /// `int fsync(int fd)`
  FSYNC(74, 82, "2.6"),
  /// `int fdatasync(int fd)`
  FDATASYNC(75, 83, "2.6"),
  /// `int ftruncate(int fd, off_t length)`
  FTRUNCATE(77, 46, "2.6"),
  /// `int fchmod(int fd, mode_t mode)`
  FCHMOD(91, 52, "2.6"),
  /// `int fstatfs(int fd, struct statfs *to)`
  FSTATFS(138, 44, "2.6"),
  /// `int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)`
  PRCTL(157, 167, "2.6"),
  /// `int setresuid(uid_t real, uid_t effective, uid_t saved)`, here of the calling thread alone
  SETRESUID(117, 147, "2.6"),
  /// `int sethostname(const char *name, size_t length)`
  SETHOSTNAME(170, 161, "2.6"),
  /// `int mount(const char *source, const char *target, const char *type, unsigned long flags,
  /// const void *data)`
  MOUNT(165, 40, "2.6"),
  /// `int umount2(const char *target, int flags)`
  UMOUNT2(166, 39, "2.6"),
  /// `int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)`
  LSETXATTR(189, 6, "2.6"),
  /// `int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)`
  SETXATTR(188, 5, "2.6"),
  /// `ssize_t getxattr(const char *path, const char *name, void *value, size_t size)`
  GETXATTR(191, 8, "2.6"),
  /// `ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)`
  LGETXATTR(192, 9, "2.6"),
  /// `ssize_t listxattr(const char *path, char *list, size_t size)`
  LISTXATTR(194, 11, "2.6"),
  /// `ssize_t llistxattr(const char *path, char *list, size_t size)`
  LLISTXATTR(195, 12, "2.6"),
  /// `int removexattr(const char *path, const char *name)`
  REMOVEXATTR(197, 14, "2.6"),
  /// `int lremovexattr(const char *path, const char *name)`
  LREMOVEXATTR(198, 15, "2.6"),
  /// `ssize_t getdents64(int fd, void *entries, size_t count)`
  GETDENTS64(217, 61, "2.6"),
  /// `int epoll_ctl(int epfd, int operation, int fd, struct epoll_event *event)`
  EPOLL_CTL(233, 21, "2.6"),
  /// `int waitid(idtype_t type, id_t id, siginfo_t *info, int options, struct rusage *usage)`
  WAITID(247, 95, "5.4 for P_PIDFD"),
  /// `int openat(int dirfd, const char *path, int flags, mode_t mode)`
  OPENAT(257, 56, "2.6"),
  /// `int mkdirat(int dirfd, const char *path, mode_t mode)`
  MKDIRAT(258, 34, "2.6"),
  /// `int mknodat(int dirfd, const char *path, mode_t mode, dev_t device)`
  MKNODAT(259, 33, "2.6"),
  /// `int fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)`
  FCHOWNAT(260, 54, "2.6"),
  /// `int unlinkat(int dirfd, const char *path, int flags)`
  UNLINKAT(263, 35, "2.6"),
  /// `int linkat(int olddir, const char *from, int newdir, const char *to, int flags)`
  LINKAT(265, 37, "2.6"),
  /// `int symlinkat(const char *target, int dirfd, const char *path)`
  SYMLINKAT(266, 36, "2.6"),
  /// `ssize_t readlinkat(int dirfd, const char *path, char *buffer, size_t size)`
  READLINKAT(267, 78, "2.6"),
  /// `int fchmodat(int dirfd, const char *path, mode_t mode)`, which follows links
  FCHMODAT(268, 53, "2.6"),
  /// `int ppoll(struct pollfd *fds, nfds_t count, struct timespec *timeout, const sigset_t *mask,
  /// size_t size)`
  PPOLL(271, 73, "2.6"),
  /// `int unshare(int flags)`
  UNSHARE(272, 97, "2.6"),
  /// `ssize_t splice(int in, off_t *inoff, int out, off_t *outoff, size_t length, unsigned flags)`
  SPLICE(275, 76, "2.6"),
  /// `ssize_t tee(int in, int out, size_t length, unsigned flags)`
  TEE(276, 77, "2.6"),
  /// `int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)`
  UTIMENSAT(280, 88, "2.6"),
  /// `int epoll_pwait(int epfd, struct epoll_event *events, int count, int millis, const sigset_t
  /// *mask, size_t size)`
  EPOLL_PWAIT(281, 22, "2.6"),
  /// `int fallocate(int fd, int mode, off_t offset, off_t length)`
  FALLOCATE(285, 47, "2.6"),
  /// `int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)`
  ACCEPT4(288, 242, "2.6"),
  /// `int eventfd2(unsigned initial, int flags)`
  EVENTFD2(290, 19, "2.6"),
  /// `int epoll_create1(int flags)`
  EPOLL_CREATE1(291, 20, "2.6"),
  /// `int pipe2(int fds[2], int flags)`
  PIPE2(293, 59, "2.6"),
  /// `int syncfs(int fd)`
  SYNCFS(306, 267, "2.6"),
  /// `int setns(int fd, int type)`
  SETNS(308, 268, "3.0"),
  /// `int renameat2(int olddir, const char *from, int newdir, const char *to, unsigned flags)`
  RENAMEAT2(316, 276, "3.15"),
  /// `int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *to)`
  STATX(332, 291, "4.11"),
  /// `int pidfd_send_signal(int pidfd, int signal, siginfo_t *info, unsigned flags)`
  PIDFD_SEND_SIGNAL(424, 424, "5.1"),
  /// `int open_tree(int dirfd, const char *path, unsigned flags)`
  OPEN_TREE(428, 428, "5.2"),
  /// `int move_mount(int fromdir, const char *from, int todir, const char *to, unsigned flags)`
  MOVE_MOUNT(429, 429, "5.2"),
  /// `int fsopen(const char *type, unsigned flags)`
  FSOPEN(430, 430, "5.2"),
  /// `int fsconfig(int fd, unsigned command, const char *key, const void *value, int aux)`
  FSCONFIG(431, 431, "5.2"),
  /// `int fsmount(int fd, unsigned flags, unsigned attributes)`
  FSMOUNT(432, 432, "5.2"),
  /// `int pidfd_open(pid_t pid, unsigned flags)`
  PIDFD_OPEN(434, 434, "5.3"),
  /// `int close_range(unsigned first, unsigned last, unsigned flags)`
  CLOSE_RANGE(436, 436, "5.11 for CLOSE_RANGE_CLOEXEC"),
  /// `int openat2(int dirfd, const char *path, const struct open_how *how, size_t size)`
  OPENAT2(437, 437, "5.6"),
  /// `int pidfd_getfd(int pidfd, int fd, unsigned flags)`
  PIDFD_GETFD(438, 438, "5.6"),
  /// `int mount_setattr(int dirfd, const char *path, unsigned flags, const struct mount_attr
  /// *attributes, size_t size)`
  MOUNT_SETATTR(442, 442, "5.12"),
  /// `int quotactl_fd(unsigned fd, unsigned command, qid_t id, void *address)`
  QUOTACTL_FD(443, 443, "5.14");

  private final int number;
  private final String since;

  Syscall(int x86, int arm, String since) {
    this.number = Arch.pick(x86, arm);
    this.since = since;
  }

  long call(long a) {
    return call(a, 0, 0, 0, 0, 0);
  }

  long call(long a, long b) {
    return call(a, b, 0, 0, 0, 0);
  }

  long call(long a, long b, long c) {
    return call(a, b, c, 0, 0, 0);
  }

  long call(long a, long b, long c, long d) {
    return call(a, b, c, d, 0, 0);
  }

  long call(long a, long b, long c, long d, long e) {
    return call(a, b, c, d, e, 0);
  }

  long call(long a, long b, long c, long d, long e, long f) {
    while (true) {
      var result = callOnce(a, b, c, d, e, f);
      if (result != -Errno.EINTR) {
        return result;
      }
    }
  }

  /// Without the retry: for close, whose descriptor is gone after EINTR, and for waits with a
  /// timeout.
  long callOnce(long a, long b, long c, long d, long e, long f) {
    return Libc.syscall(number, a, b, c, d, e, f);
  }

  /// {@return the exception for a negative result; a missing call is named}
  LinuxException failed(long result, String what) {
    return failed(result, what, "");
  }

  LinuxException failed(long result, String what, String detail) {
    var missing = result == -Errno.ENOSYS;
    return new LinuxException((int) -result, what, missing ? lacking() : detail);
  }

  private String lacking() {
    return "this kernel ("
        + System.getProperty("os.version")
        + ") lacks "
        + nameInC()
        + "(2); it needs Linux "
        + since;
  }

  String nameInC() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
