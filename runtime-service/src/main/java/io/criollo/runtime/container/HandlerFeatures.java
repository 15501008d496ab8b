// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.runtime.spec.AnnotationRules;
import io.criollo.runtime.spec.HandlerDefaults;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.spec.RuntimeFeatures;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What each handler offers beyond the basics: what the kernel and its OCI runtime both can do. A
/// runtime is asked once, and again when its binary has changed. Thread-safe.
public final class HandlerFeatures {
  private static final System.Logger LOG = System.getLogger(HandlerFeatures.class.getName());

  private final Runtimes runtimes;
  private final NodeFacts node;
  private final Map<String, HandlerDefaults> defaults;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(FileTime binary, Set<Feature> features) {}

  /// @param defaults what the configuration says of each handler
  public HandlerFeatures(Runtimes runtimes, NodeFacts node, Map<String, HandlerDefaults> defaults) {
    this.runtimes = runtimes;
    this.node = node;
    this.defaults = Map.copyOf(defaults);
  }

  /// {@return which of the features that hang on a runtime the handler has; empty: the default one}
  public Set<Feature> of(String handler) throws InterruptedException {
    var settings = runtimes.handlers().require(handler);
    try {
      var binary = Files.getLastModifiedTime(settings.path());
      var answer = answers.get(settings.name());
      if (answer == null || !answer.binary.equals(binary)) {
        answer = new Answer(binary, ask(handler));
        answers.put(settings.name(), answer);
      }
      return answer.features;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "features of {0}: {1}", settings.path(), e.getMessage());
      return Set.of();
    }
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

  /// A runtime that cannot tell has none, and is not asked each time.
  private Set<Feature> ask(String handler) throws InterruptedException {
    try {
      var both = EnumSet.noneOf(Feature.class);
      both.addAll(RuntimeFeatures.parse(runtimes.named(handler).features()));
      both.retainAll(node.features());
      return Set.copyOf(both);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "features of runtime {0}: {1}", handler, e.getMessage());
      return Set.of();
    }
  }
}
