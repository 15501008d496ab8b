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

  void pod(Kind kind, PodRecord pod);

  void container(Kind kind, ContainerRecord container);
}
