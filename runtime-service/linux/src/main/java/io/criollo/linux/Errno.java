// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.util.Map;

/// Error numbers of Linux, the same on x86_64 and aarch64 (`asm-generic/errno.h`).
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int E2BIG = 7;
  public static final int ENOEXEC = 8;
  public static final int EBADF = 9;
  public static final int ECHILD = 10;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int ENOTBLK = 15;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ENOTTY = 25;
  public static final int ETXTBSY = 26;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int ESPIPE = 29;
  public static final int EROFS = 30;
  public static final int EMLINK = 31;
  public static final int EPIPE = 32;
  public static final int EDOM = 33;
  public static final int ERANGE = 34;
  public static final int EDEADLK = 35;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOLCK = 37;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int ENOMSG = 42;
  public static final int EIDRM = 43;
  public static final int ECHRNG = 44;
  public static final int EL2NSYNC = 45;
  public static final int EL3HLT = 46;
  public static final int EL3RST = 47;
  public static final int ELNRNG = 48;
  public static final int EUNATCH = 49;
  public static final int ENOCSI = 50;
  public static final int EL2HLT = 51;
  public static final int EBADE = 52;
  public static final int EBADR = 53;
  public static final int EXFULL = 54;
  public static final int ENOANO = 55;
  public static final int EBADRQC = 56;
  public static final int EBADSLT = 57;
  public static final int EBFONT = 59;
  public static final int ENOSTR = 60;
  public static final int ENODATA = 61;
  public static final int ETIME = 62;
  public static final int ENOSR = 63;
  public static final int ENONET = 64;
  public static final int ENOPKG = 65;
  public static final int EREMOTE = 66;
  public static final int ENOLINK = 67;
  public static final int EADV = 68;
  public static final int ESRMNT = 69;
  public static final int ECOMM = 70;
  public static final int EPROTO = 71;
  public static final int EMULTIHOP = 72;
  public static final int EDOTDOT = 73;
  public static final int EBADMSG = 74;
  public static final int EOVERFLOW = 75;
  public static final int ENOTUNIQ = 76;
  public static final int EBADFD = 77;
  public static final int EREMCHG = 78;
  public static final int ELIBACC = 79;
  public static final int ELIBBAD = 80;
  public static final int ELIBSCN = 81;
  public static final int ELIBMAX = 82;
  public static final int ELIBEXEC = 83;
  public static final int EILSEQ = 84;
  public static final int ERESTART = 85;
  public static final int ESTRPIPE = 86;
  public static final int EUSERS = 87;
  public static final int ENOTSOCK = 88;
  public static final int EDESTADDRREQ = 89;
  public static final int EMSGSIZE = 90;
  public static final int EPROTOTYPE = 91;
  public static final int ENOPROTOOPT = 92;
  public static final int EPROTONOSUPPORT = 93;
  public static final int ESOCKTNOSUPPORT = 94;
  public static final int EOPNOTSUPP = 95;
  public static final int EPFNOSUPPORT = 96;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETDOWN = 100;
  public static final int ENETUNREACH = 101;
  public static final int ENETRESET = 102;
  public static final int ECONNABORTED = 103;
  public static final int ECONNRESET = 104;
  public static final int ENOBUFS = 105;
  public static final int EISCONN = 106;
  public static final int ENOTCONN = 107;
  public static final int ESHUTDOWN = 108;
  public static final int ETOOMANYREFS = 109;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTDOWN = 112;
  public static final int EHOSTUNREACH = 113;
  public static final int EALREADY = 114;
  public static final int EINPROGRESS = 115;
  public static final int ESTALE = 116;
  public static final int EUCLEAN = 117;
  public static final int ENOTNAM = 118;
  public static final int ENAVAIL = 119;
  public static final int EISNAM = 120;
  public static final int EREMOTEIO = 121;
  public static final int EDQUOT = 122;
  public static final int ENOMEDIUM = 123;
  public static final int EMEDIUMTYPE = 124;
  public static final int ECANCELED = 125;
  public static final int ENOKEY = 126;
  public static final int EKEYEXPIRED = 127;
  public static final int EKEYREVOKED = 128;
  public static final int EKEYREJECTED = 129;
  public static final int EOWNERDEAD = 130;
  public static final int ENOTRECOVERABLE = 131;
  public static final int ERFKILL = 132;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM"),
          Map.entry(ENOENT, "ENOENT"),
          Map.entry(ESRCH, "ESRCH"),
          Map.entry(EINTR, "EINTR"),
          Map.entry(EIO, "EIO"),
          Map.entry(ENXIO, "ENXIO"),
          Map.entry(E2BIG, "E2BIG"),
          Map.entry(ENOEXEC, "ENOEXEC"),
          Map.entry(EBADF, "EBADF"),
          Map.entry(ECHILD, "ECHILD"),
          Map.entry(EAGAIN, "EAGAIN"),
          Map.entry(ENOMEM, "ENOMEM"),
          Map.entry(EACCES, "EACCES"),
          Map.entry(EFAULT, "EFAULT"),
          Map.entry(ENOTBLK, "ENOTBLK"),
          Map.entry(EBUSY, "EBUSY"),
          Map.entry(EEXIST, "EEXIST"),
          Map.entry(EXDEV, "EXDEV"),
          Map.entry(ENODEV, "ENODEV"),
          Map.entry(ENOTDIR, "ENOTDIR"),
          Map.entry(EISDIR, "EISDIR"),
          Map.entry(EINVAL, "EINVAL"),
          Map.entry(ENFILE, "ENFILE"),
          Map.entry(EMFILE, "EMFILE"),
          Map.entry(ENOTTY, "ENOTTY"),
          Map.entry(ETXTBSY, "ETXTBSY"),
          Map.entry(EFBIG, "EFBIG"),
          Map.entry(ENOSPC, "ENOSPC"),
          Map.entry(ESPIPE, "ESPIPE"),
          Map.entry(EROFS, "EROFS"),
          Map.entry(EMLINK, "EMLINK"),
          Map.entry(EPIPE, "EPIPE"),
          Map.entry(EDOM, "EDOM"),
          Map.entry(ERANGE, "ERANGE"),
          Map.entry(EDEADLK, "EDEADLK"),
          Map.entry(ENAMETOOLONG, "ENAMETOOLONG"),
          Map.entry(ENOLCK, "ENOLCK"),
          Map.entry(ENOSYS, "ENOSYS"),
          Map.entry(ENOTEMPTY, "ENOTEMPTY"),
          Map.entry(ELOOP, "ELOOP"),
          Map.entry(ENOMSG, "ENOMSG"),
          Map.entry(EIDRM, "EIDRM"),
          Map.entry(ECHRNG, "ECHRNG"),
          Map.entry(EL2NSYNC, "EL2NSYNC"),
          Map.entry(EL3HLT, "EL3HLT"),
          Map.entry(EL3RST, "EL3RST"),
          Map.entry(ELNRNG, "ELNRNG"),
          Map.entry(EUNATCH, "EUNATCH"),
          Map.entry(ENOCSI, "ENOCSI"),
          Map.entry(EL2HLT, "EL2HLT"),
          Map.entry(EBADE, "EBADE"),
          Map.entry(EBADR, "EBADR"),
          Map.entry(EXFULL, "EXFULL"),
          Map.entry(ENOANO, "ENOANO"),
          Map.entry(EBADRQC, "EBADRQC"),
          Map.entry(EBADSLT, "EBADSLT"),
          Map.entry(EBFONT, "EBFONT"),
          Map.entry(ENOSTR, "ENOSTR"),
          Map.entry(ENODATA, "ENODATA"),
          Map.entry(ETIME, "ETIME"),
          Map.entry(ENOSR, "ENOSR"),
          Map.entry(ENONET, "ENONET"),
          Map.entry(ENOPKG, "ENOPKG"),
          Map.entry(EREMOTE, "EREMOTE"),
          Map.entry(ENOLINK, "ENOLINK"),
          Map.entry(EADV, "EADV"),
          Map.entry(ESRMNT, "ESRMNT"),
          Map.entry(ECOMM, "ECOMM"),
          Map.entry(EPROTO, "EPROTO"),
          Map.entry(EMULTIHOP, "EMULTIHOP"),
          Map.entry(EDOTDOT, "EDOTDOT"),
          Map.entry(EBADMSG, "EBADMSG"),
          Map.entry(EOVERFLOW, "EOVERFLOW"),
          Map.entry(ENOTUNIQ, "ENOTUNIQ"),
          Map.entry(EBADFD, "EBADFD"),
          Map.entry(EREMCHG, "EREMCHG"),
          Map.entry(ELIBACC, "ELIBACC"),
          Map.entry(ELIBBAD, "ELIBBAD"),
          Map.entry(ELIBSCN, "ELIBSCN"),
          Map.entry(ELIBMAX, "ELIBMAX"),
          Map.entry(ELIBEXEC, "ELIBEXEC"),
          Map.entry(EILSEQ, "EILSEQ"),
          Map.entry(ERESTART, "ERESTART"),
          Map.entry(ESTRPIPE, "ESTRPIPE"),
          Map.entry(EUSERS, "EUSERS"),
          Map.entry(ENOTSOCK, "ENOTSOCK"),
          Map.entry(EDESTADDRREQ, "EDESTADDRREQ"),
          Map.entry(EMSGSIZE, "EMSGSIZE"),
          Map.entry(EPROTOTYPE, "EPROTOTYPE"),
          Map.entry(ENOPROTOOPT, "ENOPROTOOPT"),
          Map.entry(EPROTONOSUPPORT, "EPROTONOSUPPORT"),
          Map.entry(ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT"),
          Map.entry(EOPNOTSUPP, "EOPNOTSUPP"),
          Map.entry(EPFNOSUPPORT, "EPFNOSUPPORT"),
          Map.entry(EAFNOSUPPORT, "EAFNOSUPPORT"),
          Map.entry(EADDRINUSE, "EADDRINUSE"),
          Map.entry(EADDRNOTAVAIL, "EADDRNOTAVAIL"),
          Map.entry(ENETDOWN, "ENETDOWN"),
          Map.entry(ENETUNREACH, "ENETUNREACH"),
          Map.entry(ENETRESET, "ENETRESET"),
          Map.entry(ECONNABORTED, "ECONNABORTED"),
          Map.entry(ECONNRESET, "ECONNRESET"),
          Map.entry(ENOBUFS, "ENOBUFS"),
          Map.entry(EISCONN, "EISCONN"),
          Map.entry(ENOTCONN, "ENOTCONN"),
          Map.entry(ESHUTDOWN, "ESHUTDOWN"),
          Map.entry(ETOOMANYREFS, "ETOOMANYREFS"),
          Map.entry(ETIMEDOUT, "ETIMEDOUT"),
          Map.entry(ECONNREFUSED, "ECONNREFUSED"),
          Map.entry(EHOSTDOWN, "EHOSTDOWN"),
          Map.entry(EHOSTUNREACH, "EHOSTUNREACH"),
          Map.entry(EALREADY, "EALREADY"),
          Map.entry(EINPROGRESS, "EINPROGRESS"),
          Map.entry(ESTALE, "ESTALE"),
          Map.entry(EUCLEAN, "EUCLEAN"),
          Map.entry(ENOTNAM, "ENOTNAM"),
          Map.entry(ENAVAIL, "ENAVAIL"),
          Map.entry(EISNAM, "EISNAM"),
          Map.entry(EREMOTEIO, "EREMOTEIO"),
          Map.entry(EDQUOT, "EDQUOT"),
          Map.entry(ENOMEDIUM, "ENOMEDIUM"),
          Map.entry(EMEDIUMTYPE, "EMEDIUMTYPE"),
          Map.entry(ECANCELED, "ECANCELED"),
          Map.entry(ENOKEY, "ENOKEY"),
          Map.entry(EKEYEXPIRED, "EKEYEXPIRED"),
          Map.entry(EKEYREVOKED, "EKEYREVOKED"),
          Map.entry(EKEYREJECTED, "EKEYREJECTED"),
          Map.entry(EOWNERDEAD, "EOWNERDEAD"),
          Map.entry(ENOTRECOVERABLE, "ENOTRECOVERABLE"),
          Map.entry(ERFKILL, "ERFKILL"));

  private Errno() {}

  /// {@return the symbolic name, or `errno N` for a number without one}
  public static String name(int errno) {
    return NAMES.getOrDefault(errno, "errno " + errno);
  }
}
