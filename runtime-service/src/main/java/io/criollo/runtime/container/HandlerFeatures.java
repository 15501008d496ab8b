// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.runtime.spec.AnnotationRules;
import io.criollo.runtime.spec.HandlerDefaults;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.spec.NodeFacts.Feature;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What each handler offers beyond the basics: what the kernel and its OCI runtime both can do.
/// Thread-safe.
public final class HandlerFeatures {
  private final Runtimes runtimes;
  private final NodeFacts node;
  private final Map<String, HandlerDefaults> defaults;

  /// @param defaults what the configuration says of each handler
  public HandlerFeatures(Runtimes runtimes, NodeFacts node, Map<String, HandlerDefaults> defaults) {
    this.runtimes = runtimes;
    this.node = node;
    this.defaults = Map.copyOf(defaults);
  }

  /// {@return which of the features that hang on a runtime the handler has; empty: the default one}
  public Set<Feature> of(String handler) throws InterruptedException {
    var both = EnumSet.noneOf(Feature.class);
    both.addAll(runtimes.features(handler));
    both.retainAll(node.features());
    return both;
  }

  /// {@return whether the handler's containers are in a sandbox}
  boolean sandboxes(String handler) throws InterruptedException {
    return runtimes.sandboxes(handler);
  }

  /// {@return what annotations do for the containers of this handler; empty: the default one}
  public AnnotationRules annotations(String handler) {
    return defaults(handler).annotations();
  }

  private HandlerDefaults defaults(String handler) {
    return Objects.requireNonNull(defaults.get(runtimes.handlers().require(handler).name()));
  }

  /// {@return the node as containers of this handler find it}
  public NodeFacts node(String handler) throws InterruptedException {
    return node.limitedTo(of(handler), defaults(handler));
  }
}
