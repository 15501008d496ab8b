// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

/// Who hears of what becomes of pods and containers: after it is on disk and in memory, in order
/// for each object. Called under the object's lock, so it must not wait.
public interface Changes {
  /// Nobody.
  Changes UNHEARD =
      new Changes() {
        @Override
        public void pod(Kind kind, PodRecord pod) {}

        @Override
        public void container(Kind kind, ContainerRecord container) {}
      };

  /// What became of it.
  enum Kind {
    CREATED,
    STARTED,
    STOPPED,
    DELETED
  }

  /// {@return this one, then another one}
  default Changes and(Changes next) {
    var first = this;
    return new Changes() {
      @Override
      public void pod(Kind kind, PodRecord pod) {
        first.pod(kind, pod);
        next.pod(kind, pod);
      }

      @Override
      public void container(Kind kind, ContainerRecord container) {
        first.container(kind, container);
        next.container(kind, container);
      }
    };
  }

  void pod(Kind kind, PodRecord pod);

  void container(Kind kind, ContainerRecord container);
}
