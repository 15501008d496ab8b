// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.ContainerStatus;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The daemon, the monitor or both are killed at moments that are spread over the life of a pod,
/// and the kubelet asks again.
class KillSweepIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  /// `-Dcriollo.moments=N` for more of them.
  private static final int MOMENTS = Integer.getInteger("criollo.moments", 8);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Kills, and sees that somebody answers again.
  @FunctionalInterface
  private interface Blow {
    void fall() throws Exception;
  }

  @Test
  void atWhateverMomentTheDaemonIsKilledThePodLivesItsLifeAndNothingIsLeft() throws Exception {
    sweep("daemon", MOMENTS, KillSweepIT::killDaemon);
  }

  @Test
  void atWhateverMomentTheMonitorIsKilledThePodLivesItsLifeAndNothingIsLeft() throws Exception {
    sweep("monitor", MOMENTS, KillSweepIT::killMonitor);
  }

  @Test
  void atWhateverMomentBothAreKilledThePodLivesItsLifeAndNothingIsLeft() throws Exception {
    sweep(
        "both",
        MOMENTS / 2,
        () -> {
          killMonitor();
          killDaemon();
        });
  }

  private static void killDaemon() throws Exception {
    criollo.daemon().kill();
    criollo.startAgain();
  }

  private static void killMonitor() throws Exception {
    var monitor = criollo.node().monitor();
    monitor.ifPresent(ProcessHandle::destroyForcibly);
    if (monitor.isPresent()) {
      monitor.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static void sweep(String who, int moments, Blow blow) throws Exception {
    long begin = System.nanoTime();
    new Life(who + "-whole", new CountDownLatch(0)).call();
    long whole = System.nanoTime() - begin;
    Ledger before = criollo.node().ledger();
    for (int i = 0; i < moments; i++) {
      Duration moment = Duration.ofNanos(whole * i / moments);
      killedAfter(moment, who + "-" + i, blow);
      assertThat(criollo.node().ledger().beyond(before)).as("left, killed at " + moment).isEmpty();
    }
  }

  private static void killedAfter(Duration moment, String name, Blow blow) throws Exception {
    var restarted = new CountDownLatch(1);
    var life = new FutureTask<>(new Life(name, restarted));
    Thread.ofPlatform().start(life);
    Thread.sleep(moment);
    blow.fall();
    restarted.countDown();
    assertThat(life.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getExitCode())
        .as("exit code, killed at " + moment)
        .isEqualTo(137);
  }

  /// A pod with one container from the first call to the last, as a kubelet makes them.
  private record Life(String name, CountDownLatch restarted) implements Callable<ContainerStatus> {
    @Override
    public ContainerStatus call() throws Exception {
      PodSandboxConfig config = criollo.config(name).build();
      PodCgroup.make(config.getLinux().getCgroupParent());
      var request = RunPodSandboxRequest.newBuilder().setConfig(config).build();
      String sandbox =
          insist(() -> criollo.client().runtime().runPodSandbox(request).getPodSandboxId());
      Pod pod = Pod.adopt(criollo::client, config, sandbox);
      var container =
          Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "echo begun; exec sleep 1000");
      String id = insist(() -> pod.create(container));
      insist(() -> start(pod, id));
      assertThat(insist(() -> pod.output(id, "echo", "inside"))).isEqualTo("inside");
      insist(() -> stop(pod, id));
      var end = insist(() -> pod.status(id));
      assertThat(pod.log("a")).singleElement().asString().endsWith(" stdout F begun");
      insist(() -> remove(pod));
      return end;
    }

    private static boolean start(Pod pod, String id) {
      if (pod.status(id).getState() == ContainerState.CONTAINER_CREATED) {
        pod.start(id);
      }
      return true;
    }

    private static boolean stop(Pod pod, String id) {
      pod.stop(id, Duration.ZERO);
      return true;
    }

    private static boolean remove(Pod pod) {
      pod.stop();
      pod.remove();
      return true;
    }

    /// Repeats a call during which the daemon was killed, once there is another.
    private <T> T insist(Callable<T> call) throws Exception {
      try {
        return call.call();
      } catch (StatusRuntimeException e) {
        if (Status.fromThrowable(e).getCode() != Code.UNAVAILABLE) {
          throw e;
        }
      }
      if (!restarted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("there is no daemon any more");
      }
      return call.call();
    }
  }
}
