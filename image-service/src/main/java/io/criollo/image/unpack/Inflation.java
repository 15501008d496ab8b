// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.linux.IsalInflater;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/// What inflates gzip layers. Members, checksums and what lies behind the last member are the JDK's
/// business either way, so that all of them take and refuse the same.
enum Inflation {
  /// zlib, which comes with the JDK.
  ZLIB {
    @Override
    InputStream gunzip(InputStream compressed) throws IOException {
      return new GZIPInputStream(compressed, BUFFER);
    }
  },
  /// ISA-L, where the machine has it.
  ISAL {
    @Override
    InputStream gunzip(InputStream compressed) throws IOException {
      return new IsalStream(compressed);
    }
  };

  private static final int BUFFER = 64 << 10;

  abstract InputStream gunzip(InputStream compressed) throws IOException;

  /// {@return the fastest that this machine has}
  static Inflation fastest() {
    return Fastest.HERE;
  }

  /// Looked for when the first layer comes.
  private static final class Fastest {
    private static final System.Logger LOG = System.getLogger(Inflation.class.getName());
    private static final Inflation HERE = IsalInflater.present() ? ISAL : ZLIB;

    static {
      LOG.log(System.Logger.Level.INFO, "gzip layers are inflated by {0}", HERE);
    }
  }

  private static final class IsalStream extends GZIPInputStream {
    IsalStream(InputStream compressed) throws IOException {
      super(compressed, BUFFER); // reads the first header, without the inflater
      inf.end();
      inf = new IsalInflater();
    }
  }
}
