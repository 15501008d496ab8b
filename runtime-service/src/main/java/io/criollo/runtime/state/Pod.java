// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.PodSandboxConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.function.Function;
import java.util.function.Supplier;

/// A pod that the daemon knows. Its state changes under its lock: first on disk, then in memory.
/// Its end counts also when the disk does not take it: else a full one could not be freed.
public final class Pod implements Known {
  private static final System.Logger LOG = System.getLogger(Pod.class.getName());

  private final StateStore<PodRecord> store;
  private final Supplier<Changes> changes;
  private final EncodedItem<PodRecord> item = new EncodedItem<>();
  private volatile PodRecord record;
  private boolean toldStopped;

  Pod(StateStore<PodRecord> store, Supplier<Changes> changes, PodRecord record) {
    this.store = store;
    this.changes = changes;
    this.record = record;
  }

  public PodId id() {
    return record.id();
  }

  @Override
  public String hex() {
    return record.id().hex();
  }

  public PodRecord record() {
    return record;
  }

  /// {@return what lists show of it, encoded}
  ///
  /// @param make gives the same for the same record
  public ByteString item(Function<PodRecord, ? extends MessageLite> make) {
    return item.of(record, make);
  }

  public PodState state() {
    return record.state();
  }

  public PodSandboxConfig config() {
    return record.config();
  }

  @Override
  public String name() {
    return nameOf(record.config());
  }

  public boolean ready() {
    return record.state() instanceof PodState.Ready;
  }

  /// {@return this pod, if containers can be created in it}
  public Pod requireReady() {
    return switch (record.state()) {
      case PodState.Ready() -> this;
      case PodState.Stopping(), PodState.Stopped() ->
          throw new Refusal.FailedPrecondition("pod sandbox " + id() + " is not ready");
    };
  }

  /// Takes the pod to the next state, never back.
  public synchronized void become(PodState next) {
    if (record.state().equals(next) || record.state() instanceof PodState.Stopped) {
      return;
    }
    var changed = record.with(next);
    try {
      store.save(hex(), changed);
    } catch (IOException e) { // the next daemon finds out, or is told again
      LOG.log(Level.WARNING, "pod {0} is {1}, which cannot be written: {2}", id(), next, e);
    }
    record = changed;
    if (next instanceof PodState.Stopped) {
      tellStopped();
    }
  }

  /// Its namespaces are gone though nobody has stopped it.
  public synchronized void lost() {
    if (ready()) {
      become(new PodState.Stopping());
      tellStopped();
    }
  }

  private void tellStopped() {
    if (!toldStopped) {
      toldStopped = true;
      changes.get().pod(Changes.Kind.STOPPED, record);
    }
  }

  /// Writes down other limits of the whole pod.
  public synchronized void limited(
      LinuxContainerResources resources, LinuxContainerResources overhead) throws IOException {
    var config = record.config().toBuilder();
    config.getLinuxBuilder().setResources(resources).setOverhead(overhead);
    var changed = record.with(config.build());
    store.save(hex(), changed);
    record = changed;
  }

  /// {@return the name under which a request for this pod is recognised when it comes again}
  public static String nameOf(PodSandboxConfig config) {
    var data = config.getMetadata();
    return String.join(
        "/",
        data.getNamespace(),
        data.getName(),
        data.getUid(),
        Integer.toUnsignedString(data.getAttempt()));
  }
}
