// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A network that pods are attached to through its chain of plugins. Operations on different pods
/// run in parallel; those on one pod must not, the caller holds the pod's lock.
public final class CniNetwork {
  private static final String PORTS = "portMappings";
  private static final String PORT_MAPPER = "portmap";
  private static final Duration GC_LIMIT = Duration.ofSeconds(10);

  private final NetworkList list;
  private final Plugins plugins;
  private final ResultCache cache;
  private final Duration timeout;

  CniNetwork(NetworkList list, Plugins plugins, ResultCache cache, Duration timeout) {
    this.list = list;
    this.plugins = plugins;
    this.cache = cache;
    this.timeout = timeout;
  }

  /// {@return the network's name}
  public String name() {
    return list.name();
  }

  /// {@return whether nobody else can have an address of a pod: it comes from a list that the node
  /// keeps, for a link that the node makes and routes for} Then there is nothing to detect.
  public boolean isAlone() {
    var main = list.plugins().getFirst();
    var json = main.json();
    boolean routed =
        main.type().equals("ptp")
            || (main.type().equals("bridge")
                && (json.path("isGateway").asBoolean(false)
                    || json.path("isDefaultGateway").asBoolean(false)));
    return routed
        && json.path("ipam").path("type").asText("").equals("host-local")
        && !json.path("enabledad").asBoolean(false);
  }

  /// {@return this network for a pod with ports of the node} Where no plugin of the chain asks for
  /// them, `portmap` is at its end; where that is not installed either, there is none.
  public Optional<CniNetwork> mappingPorts() throws CniException {
    if (list.asksFor(PORTS)) {
      return Optional.of(this);
    }
    var longer = list.with(PORT_MAPPER, PORTS);
    return plugins.missing(longer).isPresent()
        ? Optional.empty()
        : Optional.of(new CniNetwork(longer, plugins, cache, timeout));
  }

  /// Runs ADD of all plugins in order. When one fails, or the thread is interrupted, DEL of the
  /// whole chain has been tried before this throws; what DEL could not undo stays among
  /// [CniNetworks#attachments()].
  ///
  /// @return what the last plugin reported, with an address at least: a pod without one would be
  ///   taken for one whose network has gone
  public CniResult add(PodAttachment pod) throws CniException, InterruptedException {
    var turn = plugins.turns().readLock();
    turn.lockInterruptibly();
    try {
      return attach(pod);
    } finally {
      turn.unlock();
    }
  }

  private CniResult attach(PodAttachment pod) throws CniException, InterruptedException {
    var arguments = CapabilityArguments.of(pod.arguments());
    var attachment = new CachedAttachment(pod, list, plugins.negotiate(list), Optional.empty());
    begin(attachment);
    try {
      var result = runAdd(attachment, arguments);
      requireAddress(result.parsed());
      cache.complete(attachment.withResult(result.json()));
      return result.parsed();
    } catch (CniException | InterruptedException | RuntimeException e) {
      undo(attachment, e);
      throw e;
    } catch (IOException e) {
      undo(attachment, e);
      throw CniException.internal("keep network result of pod " + pod.podId(), e);
    }
  }

  /// Runs DEL of all plugins in reverse order, with the configuration and result of the ADD where
  /// they are known, else with the network's present ones. Every plugin gets its turn, the first
  /// failure is thrown. Success when there is nothing left to undo; may be repeated.
  public void del(PodAttachment pod) throws CniException, InterruptedException {
    var turn = plugins.turns().readLock();
    turn.lockInterruptibly();
    try {
      detach(pod);
    } finally {
      turn.unlock();
    }
  }

  private void detach(PodAttachment pod) throws CniException, InterruptedException {
    var known = cache.find(pod);
    runDel(
        known.isPresent()
            ? known.get()
            : new CachedAttachment(pod, list, plugins.negotiate(list), Optional.empty()));
    try {
      cache.remove(pod);
    } catch (IOException e) {
      throw CniException.internal("forget network of pod " + pod.podId(), e);
    }
  }

  /// Asks the plugins whether a pod can be attached now; those of networks before version 1.1.0
  /// cannot be asked.
  ///
  /// @param limit for all of them, whichever versions they are asked for included
  /// @throws CniException with the reason of the first that cannot, or has not answered by then
  void status(Duration limit) throws CniException, InterruptedException {
    var deadline = Deadline.in(limit);
    var version = plugins.negotiate(list, deadline);
    if (version.hasStatusAndGc()) {
      new ChainRun(list, version, plugins, deadline.left()).status();
    }
  }

  /// Asks the plugins whether what they made for a pod is still there; not from networks before
  /// version 0.4.0, nor from those that switch it off.
  ///
  /// @throws CniException with the first complaint
  public void check(PodAttachment pod) throws CniException, InterruptedException {
    var known = cache.find(pod);
    if (known.isEmpty() || known.get().result().isEmpty()) {
      throw new CniException(CniException.UNKNOWN_CONTAINER, "pod is not attached");
    }
    var version = known.get().version();
    if (version.hasCheck() && !list.has("disableCheck")) {
      new ChainRun(list, version, plugins, timeout)
          .check(
              parameters(pod, pod.netNs().toString()),
              CapabilityArguments.of(pod.arguments()),
              known.get().result().get());
    }
  }

  /// Tells the plugins which attachments there are, so that they give back all else; not those of
  /// networks before version 1.1.0, nor those that switch it off. For [CniNetworks#gc], which keeps
  /// all others away meanwhile: it has a short time.
  ///
  /// @throws CniException with the first failure, after every plugin was told
  void gc(List<PodAttachment> valid) throws CniException, InterruptedException {
    var version = plugins.negotiate(list);
    if (version.hasStatusAndGc() && !list.has("disableGC")) {
      new ChainRun(list, version, plugins, GC_LIMIT).gc(valid);
    }
  }

  private void requireAddress(CniResult result) throws CniException {
    if (result.addresses().isEmpty()) {
      throw new CniException(
          CniException.INTERNAL, "network " + list.name() + ": no plugin reported an address");
    }
  }

  private void begin(CachedAttachment attachment) throws CniException {
    try {
      cache.begin(attachment);
    } catch (IOException e) {
      throw CniException.internal("note network of pod " + attachment.pod().podId(), e);
    }
  }

  private void undo(CachedAttachment attachment, Exception cause) {
    try {
      runDel(attachment);
      cache.remove(attachment.pod());
    } catch (CniException | IOException e) {
      cause.addSuppressed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cause.addSuppressed(e);
    }
  }

  private PluginResult runAdd(CachedAttachment attachment, ObjectNode arguments)
      throws CniException, InterruptedException {
    var deadline = Deadline.in(timeout);
    var parameters = parameters(attachment.pod(), attachment.pod().netNs().toString());
    Optional<PluginResult> result = Optional.empty();
    for (var plugin : list.plugins()) {
      var prevResult = result.map(PluginResult::json);
      var stdin = plugin.execution(list.name(), attachment.version(), arguments, prevResult);
      var next =
          plugins.add(new PluginCall("ADD", plugin.type(), parameters, stdin, deadline.left()));
      next.json().put("cniVersion", attachment.version().toString());
      result = Optional.of(next);
    }
    return result.orElseThrow();
  }

  private void runDel(CachedAttachment attachment) throws CniException, InterruptedException {
    var deadline = Deadline.in(timeout);
    var network = attachment.network();
    var arguments = CapabilityArguments.of(attachment.pod().arguments());
    var parameters = parameters(attachment.pod(), NetNsPath.forDel(attachment.pod().netNs()));
    var prevResult =
        attachment.version().delTakesResult() ? attachment.result() : Optional.<ObjectNode>empty();
    int waiting = network.plugins().size();
    Optional<CniException> failure = Optional.empty();
    for (var plugin : network.plugins().reversed()) {
      var time = deadline.share(waiting--);
      var stdin = plugin.execution(network.name(), attachment.version(), arguments, prevResult);
      try {
        plugins.run(new PluginCall("DEL", plugin.type(), parameters, stdin, time));
      } catch (CniException e) {
        failure.ifPresent(first -> first.addSuppressed(e));
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private static Map<String, String> parameters(PodAttachment pod, String netNs) {
    return Map.of(
        "CNI_CONTAINERID", pod.podId(),
        "CNI_NETNS", netNs,
        "CNI_IFNAME", pod.ifName(),
        "CNI_ARGS", pod.cniArgs());
  }
}
