// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `registries.conf` and its drop-ins as they are at each moment: read again when a file has come,
/// gone or changed. While they cannot be used the last ones that could hold on, with one warning
/// for each change. Thread-safe.
public final class RegistriesConf {
  private static final System.Logger LOG = System.getLogger(RegistriesConf.class.getName());

  /// Two changes within a tick of the file system's clock look like one: what is so young is read
  /// again the next time.
  private static final Duration TICK = Duration.ofSeconds(2);

  private final Path conf;
  private final Path dropIns;
  private final Optional<ShortNameMode> shortNames;
  private final InstantSource clock;
  private volatile Optional<Kept> kept = Optional.empty();
  private Optional<Fault> told = Optional.empty();

  /// What stands for a file's content.
  private record Stamp(Path file, Map<String, Object> attributes) {
    static Stamp of(Path file) throws IOException {
      return new Stamp(file, Files.readAttributes(file, "unix:ino,size,ctime"));
    }

    boolean isOlderThan(Instant when) {
      return attributes.get("ctime") instanceof FileTime changed
          && changed.toInstant().isBefore(when);
    }
  }

  /// What was read last and could be used.
  ///
  /// @param old whether no file can have changed since without a new stamp
  private record Kept(List<Stamp> stamps, Registries registries, boolean old) {}

  /// Why files cannot be used.
  private record Fault(List<Stamp> stamps, String why) {}

  /// @param conf a file that need not exist
  /// @param dropIns a folder that need not exist
  /// @param shortNames counts instead of what they say of it
  public RegistriesConf(Path conf, Path dropIns, Optional<ShortNameMode> shortNames) {
    this(conf, dropIns, shortNames, InstantSource.system());
  }

  RegistriesConf(Path conf, Path dropIns, Optional<ShortNameMode> shortNames, InstantSource clock) {
    this.conf = conf;
    this.dropIns = dropIns;
    this.shortNames = shortNames;
    this.clock = clock;
  }

  /// {@return what the files say now, or said last when they cannot be used now}
  ///
  /// @throws ImageException MISCONFIGURED when they could never be used since the start
  public Registries now() throws ImageException {
    List<Stamp> stamps;
    try {
      stamps = stamps();
    } catch (IOException e) {
      return last(
          List.of(), new ImageException(Kind.MISCONFIGURED, "read registries.conf: " + e, e));
    }
    var known = kept;
    if (known.isPresent() && known.get().old() && known.get().stamps().equals(stamps)) {
      return known.get().registries();
    }
    try {
      return read(stamps);
    } catch (ImageException e) {
      return last(stamps, e);
    }
  }

  private Registries read(List<Stamp> stamps) throws ImageException {
    var said = Registries.read(conf, dropIns);
    var registries = shortNames.map(said::with).orElse(said);
    kept = Optional.of(new Kept(stamps, registries, isOld(stamps)));
    return registries;
  }

  private Registries last(List<Stamp> stamps, ImageException fault) throws ImageException {
    var registries = kept.orElseThrow(() -> fault).registries();
    tell(new Fault(stamps, String.valueOf(fault.getMessage())));
    return registries;
  }

  private synchronized void tell(Fault fault) {
    if (told.isEmpty() || !told.get().equals(fault)) {
      LOG.log(Level.WARNING, "registries stay as they were: {0}", fault.why());
      told = Optional.of(fault);
    }
  }

  private List<Stamp> stamps() throws IOException {
    var stamps = new ArrayList<Stamp>();
    if (Files.exists(conf)) {
      stamps.add(Stamp.of(conf));
    }
    for (var dropIn : RegistriesReader.dropIns(dropIns)) {
      stamps.add(Stamp.of(dropIn));
    }
    return List.copyOf(stamps);
  }

  private boolean isOld(List<Stamp> stamps) {
    var young = clock.instant().minus(TICK);
    return stamps.stream().allMatch(stamp -> stamp.isOlderThan(young));
  }
}
