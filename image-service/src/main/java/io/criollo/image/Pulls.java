// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The pulls under way and how far they are. Thread-safe.
public final class Pulls {
  private final Set<Pull> pulls = ConcurrentHashMap.newKeySet();
  private volatile PullObserver observer = PullObserver.NONE;

  /// From now on this one hears of all pulls.
  public void tell(PullObserver who) {
    observer = who;
  }

  PullObserver observer() {
    return observer;
  }

  /// {@return a pull that is listed until it is closed}
  Pull begin(String reference) {
    var pull = new Pull(reference, pulls::remove);
    pulls.add(pull);
    pull.watch();
    return pull;
  }

  /// {@return all pulls, the oldest first}
  public List<PullStatus> list() {
    return pulls.stream()
        .map(Pull::status)
        .sorted(Comparator.comparing(PullStatus::since))
        .toList();
  }
}
