// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ExecSyncRequest;
import io.criollo.cri.v1.RuntimeServiceGrpc;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExecSyncIT {
  private static final int CAP = 16 << 20;

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static String sleeper(Pod pod) {
    return pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
  }

  @Test
  void bothStreamsAndTheExitCodeComeBack() throws IOException {
    Pod pod = criollo.pod("streams");

    var answer = pod.exec(sleeper(pod), "sh", "-c", "echo out; echo err >&2; exit 5");

    assertThat(answer.getStdout().toStringUtf8()).isEqualTo("out\n");
    assertThat(answer.getStderr().toStringUtf8()).isEqualTo("err\n");
    assertThat(answer.getExitCode()).isEqualTo(5);
  }

  @Test
  void aSignalIsAnExitCode() throws IOException {
    Pod pod = criollo.pod("signal");

    assertThat(pod.exec(sleeper(pod), "sh", "-c", "kill -9 $$").getExitCode()).isEqualTo(137);
  }

  @Test
  void aCommandThatIsLateIsKilledWithAllThatItStarted() throws IOException {
    Pod pod = criollo.pod("late");
    String id = sleeper(pod);

    assertRefused(
        Code.DEADLINE_EXCEEDED,
        () -> pod.exec(id, Duration.ofSeconds(1), "sh", "-c", "sleep 333 & sleep 334"));

    assertThat(pod.output(id, "ps")).doesNotContain("33");
  }

  @Test
  @Timeout(60)
  void aCommandWhoseClientLeavesIsKilledWithAllThatItStarted() throws Exception {
    Pod pod = criollo.pod("left");
    String id = sleeper(pod);
    var call = Context.current().withCancellation();
    var client =
        new FutureTask<>(() -> call.call(() -> pod.exec(id, "sh", "-c", "sleep 335 & sleep 336")));
    Thread.ofVirtual().start(client);
    while (!pod.output(id, "ps").contains("sleep 336")) {
      Thread.sleep(1);
    }

    call.cancel(null);

    assertThatThrownBy(client::get).hasMessageContaining("CANCELLED");
    while (pod.output(id, "ps").contains("sleep 33")) {
      Thread.sleep(1);
    }
  }

  @Test
  void outputBeyondTheCapIsDropped() throws IOException {
    Pod pod = criollo.pod("large");

    var answer = pod.exec(sleeper(pod), "dd", "if=/dev/zero", "bs=1M", "count=17");

    assertThat(answer.getStdout().size()).isEqualTo(CAP);
    assertThat(answer.getExitCode()).isZero();
  }

  @Test
  @Timeout(120)
  void largeOutputsAtOnceAllComeWhole() throws Exception {
    Pod pod = criollo.pod("many");
    String id = sleeper(pod);
    var script = "dd if=/dev/zero bs=1M count=16; dd if=/dev/zero bs=1M count=16 >&2";
    var request = ExecSyncRequest.newBuilder().setContainerId(id).setTimeout(100);
    request.addAllCmd(List.of("sh", "-c", script));
    var sizes = new ArrayList<Future<Long>>();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 6; i++) {
        sizes.add(
            clients.submit(() ->
                criollo
                    .client()
                    .answerSize(RuntimeServiceGrpc.getExecSyncMethod(), request.build())));
      }
    }
    for (var size : sizes) {
      assertThat(size.get()).isBetween(2L * CAP, 2L * CAP + 100);
    }
    assertThat(pod.output(id, "echo", "well")).isEqualTo("well");
  }

  @Test
  void outputIsBytes() throws IOException {
    Pod pod = criollo.pod("bytes");

    var answer = pod.exec(sleeper(pod), "printf", "\\377\\000\\n\\302");

    assertThat(answer.getStdout().toByteArray()).containsExactly(0xff, 0, '\n', 0xc2);
  }

  @Test
  void aContainerThatDoesNotRunRefuses() throws Exception {
    Pod pod = criollo.pod("exited");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "true"));
    pod.awaitExit(id);

    // not NOT_FOUND: to the kubelet that says that the container is gone
    assertRefused(Code.FAILED_PRECONDITION, () -> pod.exec(id, "true"), "running");
    assertRefused(Code.NOT_FOUND, () -> pod.exec("nothing", "true"));
  }

  @Test
  void anEmptyCommandIsInvalid() throws IOException {
    Pod pod = criollo.pod("empty");
    String id = sleeper(pod);

    assertRefused(Code.INVALID_ARGUMENT, () -> pod.exec(id));
  }

  @Test
  void aProgramThatIsNotThereIsTold() throws IOException {
    Pod pod = criollo.pod("missing");
    String id = sleeper(pod);

    assertThat(
            catchThrowableOfType(
                StatusRuntimeException.class, () -> pod.exec(id, "/no/such/program")))
        .hasMessageContaining("/no/such/program");
  }

  @Test
  void theCommandHasTheContainersUserFolderAndVariables() throws IOException {
    criollo.client().pull(TestImages.SETTINGS);
    Pod pod = criollo.pod("context");
    String id = pod.createAndStart(Pod.container("a", TestImages.SETTINGS));

    assertThat(pod.output(id, "sh", "-c", "echo $(id -u) $(pwd) $GREETING"))
        .isEqualTo("33 /var/www hello");
  }
}
