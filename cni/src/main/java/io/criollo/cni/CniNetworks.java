// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The node's networks, as the files of the configuration folder say at the moment of each call.
/// Thread-safe; the daemon closes it, after which no pod is attached any more.
public final class CniNetworks implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CniNetworks.class.getName());

  /// Whoever asks comes again every few seconds and does not wait as long as a pod may.
  private static final Duration STATUS_LIMIT = Duration.ofSeconds(5);

  private final CniSettings settings;
  private final Duration statusLimit;
  private final ConfDir confDir;
  private final Plugins plugins;
  private final ResultCache cache;

  private final ReentrantLock lock = new ReentrantLock();
  private List<ConfDir.Stamp> stamps = List.of();
  private ConfDir.Content content = new ConfDir.Content(List.of(), List.of());
  private volatile boolean closed;

  /// Reads no network yet: a node may get them later. Removes what an earlier daemon left half
  /// written; there is only one daemon.
  public CniNetworks(CniSettings settings) {
    this(settings, STATUS_LIMIT);
  }

  CniNetworks(CniSettings settings, Duration statusLimit) {
    this.settings = settings;
    this.statusLimit = statusLimit;
    this.confDir = new ConfDir(settings.confDir());
    this.plugins = new Plugins(new PluginDirs(settings.pluginDirs()), System.getenv());
    this.cache = new ResultCache(settings.cacheDir());
    cache.sweep();
  }

  /// {@return why no pod can be attached now, empty when one can} Cheap: lists the folder and reads
  /// files only after a change; runs no plugin.
  public Optional<String> notReady() {
    try {
      var network = selected();
      return plugins.missing(network).map(missing -> "network " + network.name() + ": " + missing);
    } catch (CniException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  /// {@return the same, and what the plugins themselves say} They are processes: for a caller that
  /// asks every few seconds, not for every pod. All of them together have five seconds.
  public Optional<String> status() throws InterruptedException {
    var reason = notReady();
    if (reason.isPresent()) {
      return reason;
    }
    try {
      defaultNetwork().status(statusLimit);
      return Optional.empty();
    } catch (CniException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  /// Tells the plugins of the present network which of its attachments there are, so that they give
  /// back all else. ADD and DEL that come meanwhile wait, for ten seconds at most.
  ///
  /// @return false when an ADD or DEL was under way, so that nobody was told
  /// @throws CniException with the first failure, after every plugin was told
  public boolean gc() throws CniException, InterruptedException {
    var turn = plugins.turns().writeLock();
    if (!turn.tryLock()) {
      return false;
    }
    try {
      if (notReady().isEmpty()) {
        tellAttachments(defaultNetwork());
      }
      return true;
    } finally {
      turn.unlock();
    }
  }

  private void tellAttachments(CniNetwork network) throws CniException, InterruptedException {
    network.gc(
        entries().stream()
            .filter(entry -> entry.network().name().equals(network.name()))
            .map(CachedAttachment::pod)
            .toList());
  }

  /// {@return the network of pods} The configured one, or that of the first valid file.
  public CniNetwork defaultNetwork() throws CniException {
    return network(selected());
  }

  /// {@return the network that this pod was attached to, as it was configured then}
  public Optional<CniNetwork> cached(String podId) throws CniException {
    return entries().stream()
        .filter(entry -> entry.pod().podId().equals(podId))
        .findFirst()
        .map(entry -> network(entry.network()));
  }

  /// {@return whether a pod is attached, or something of it may be left}
  public boolean isAttached(PodAttachment pod) {
    return cache.find(pod).isPresent();
  }

  /// {@return everything that was attached and not yet detached, or is being attached now}
  public List<PodAttachment> attachments() throws CniException {
    return entries().stream().map(CachedAttachment::pod).toList();
  }

  /// Ends plugins that an earlier daemon left at work for pods that are to be detached now.
  public void endLeftPlugins(Set<String> podIds) throws CniException, InterruptedException {
    if (!podIds.isEmpty()) {
      LeftPlugins.end(podIds);
    }
  }

  /// Detaches a pod from the network it was attached to, whatever is configured now; a success when
  /// it is attached to none. See [CniNetwork#del].
  public void del(PodAttachment pod) throws CniException, InterruptedException {
    var known = cache.find(pod);
    if (known.isPresent()) {
      network(known.get().network()).del(pod);
      return;
    }
    // the cache may have been lost: let the present network release what it knows of this pod
    if (notReady().isEmpty()) {
      defaultNetwork().del(pod);
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  private CniNetwork network(NetworkList list) {
    return new CniNetwork(list, plugins, cache, settings.timeout());
  }

  private List<CachedAttachment> entries() throws CniException {
    try {
      return cache.list();
    } catch (IOException e) {
      throw CniException.internal("list " + cache.dir(), e);
    }
  }

  private NetworkList selected() throws CniException {
    if (closed) {
      throw new CniException(CniException.TRY_AGAIN_LATER, "networks are closed");
    }
    var now = reloaded();
    var wanted = settings.defaultNetwork().filter(name -> !name.isEmpty());
    return now.networks().stream()
        .filter(list -> wanted.map(list.name()::equals).orElse(true))
        .findFirst()
        .orElseThrow(() -> none(wanted, now.problems()));
  }

  private CniException none(Optional<String> wanted, List<String> problems) {
    var what =
        wanted
            .map(name -> "CNI network " + name + " not found")
            .orElse("No CNI configuration file");
    var broken = problems.isEmpty() ? "" : " Not usable: " + String.join("; ", problems) + ".";
    return new CniException(
        CniException.TRY_AGAIN_LATER,
        what + " in " + confDir.path() + ". Has your network provider started?" + broken);
  }

  private ConfDir.Content reloaded() throws CniException {
    lock.lock();
    try {
      var seen = confDir.stamps();
      if (!seen.equals(stamps)) {
        content = confDir.load(seen);
        stamps = seen;
        content.problems().forEach(p -> LOG.log(Level.WARNING, "CNI configuration {0}", p));
      }
      return content;
    } catch (IOException e) {
      throw CniException.internal("list " + confDir.path(), e);
    } finally {
      lock.unlock();
    }
  }
}
