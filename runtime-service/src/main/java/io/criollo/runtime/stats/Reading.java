// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import io.criollo.image.reference.ImageException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Optional;

/// What becomes of a part of an answer that cannot be read.
public enum Reading {
  /// It is the answer's failure, as for a call that asks for one object.
  STRICT {
    @Override
    public <T> Optional<T> of(String what, Source<T> source)
        throws IOException, ImageException, InterruptedException {
      return Optional.of(source.read());
    }
  },

  /// It is left out and logged: a list is also about all others.
  LENIENT {
    @Override
    public <T> Optional<T> of(String what, Source<T> source) throws InterruptedException {
      try {
        return Optional.of(source.read());
      } catch (IOException | ImageException e) {
        LOG.log(Level.WARNING, "statistics go without {0}: {1}", what, e.getMessage());
        return Optional.empty();
      }
    }
  };

  private static final System.Logger LOG = System.getLogger(Reading.class.getName());

  /// Reads one part.
  @FunctionalInterface
  public interface Source<T> {
    T read() throws IOException, ImageException, InterruptedException;
  }

  /// {@return the part, if it is there}
  ///
  /// @param what names it in the log
  public abstract <T> Optional<T> of(String what, Source<T> source)
      throws IOException, ImageException, InterruptedException;
}
