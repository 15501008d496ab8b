// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.reference.ParsedName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What `registries.conf` and its drop-ins say: where short names are looked for, which places
/// stand in for a registry, and which registries are blocked. Immutable.
public final class Registries {
  private final List<String> search;
  private final ShortNameMode shortNames;
  private final Map<String, String> aliases;
  private final List<RegistryRule> rules;

  Registries(
      List<String> search,
      ShortNameMode shortNames,
      Map<String, String> aliases,
      List<RegistryRule> rules) {
    this.search = List.copyOf(search);
    this.shortNames = shortNames;
    this.aliases = Map.copyOf(aliases);
    this.rules = List.copyOf(rules);
  }

  /// {@return the registries of a file and a folder of drop-ins, either of which need not exist}
  public static Registries read(Path conf, Path dropIns) throws ImageException {
    return new RegistriesReader().read(conf, dropIns);
  }

  /// {@return the same, with another mode}
  Registries with(ShortNameMode mode) {
    return new Registries(search, mode, aliases, rules);
  }

  /// {@return the references that a name may mean, in the order to try them}
  ///
  /// A short name is an alias or is looked for in `unqualified-search-registries`; without any it
  /// belongs to docker.io.
  public List<ImageReference> candidates(ParsedName name) throws ImageException {
    if (!name.isShort()) {
      return List.of(name.in(""));
    }
    var alias = aliases.get(name.path());
    if (alias != null) {
      var target = ParsedName.parse(alias);
      return List.of(
          new ParsedName(target.domain(), target.path(), name.tag(), name.digest())
              .in("docker.io"));
    }
    return search.isEmpty()
        ? List.of(name.in("docker.io"))
        : search.stream().map(name::in).toList();
  }

  /// {@return the candidates of a name that is to be pulled}; in `enforcing` mode, as CRI-O has it,
  /// there must be only one
  public List<ImageReference> pullCandidates(ParsedName name) throws ImageException {
    var candidates = candidates(name);
    if (candidates.size() > 1 && shortNames == ShortNameMode.ENFORCING) {
      throw new ImageException(
          Kind.INVALID_REFERENCE,
          "short name \""
              + name.path()
              + "\" is ambiguous: short-name-mode is enforcing and it may be any of "
              + candidates);
    }
    return candidates;
  }

  /// {@return the places to pull a reference from, in order}
  ///
  /// @param hosts folders with containerd's `hosts.toml`, which count where no rule does
  public List<Source> sources(ImageReference reference, List<Path> hosts) throws ImageException {
    RegistryRule best = null;
    for (var rule : rules) {
      if (rule.covers(reference) >= 0
          && (best == null || rule.prefix().length() > best.prefix().length())) {
        best = rule;
      }
    }
    if (best == null) {
      var sources = HostsToml.sources(hosts, reference);
      return sources.isEmpty() ? List.of(new Source(reference, false, false)) : sources;
    }
    if (best.blocked()) {
      throw new ImageException(
          Kind.UNAUTHORIZED,
          "registry " + best.prefix() + " is blocked in registries.conf: " + reference);
    }
    return best.sources(reference);
  }
}
