// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.client.Session;
import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.FdChannel;
import io.criollo.conmon.protocol.Hello;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.UnixSockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// The monitor or the daemon dies while the OCI runtime creates or runs a container. With crun;
/// [CreateRuncKernelTest] does the same with runc.
class CreateKernelTest extends OnTestNode {
  private static final String WAIT = "echo > %1$s/waiting; sleep 100000";
  private static final String GO = "echo > %1$s/waiting; until [ -e %1$s/go ]; do sleep 0.05; done";

  @Test
  void aRuntimeThatIsStillAtWorkIsEndedAndTheNameIsFree() throws Exception {
    String id = node.newId();
    dieMeanwhile(request(id, WAIT + "; exec %2$s \"$@\""));
    assertThat(node.client.list()).isEmpty();
    await("the runtime ends", () -> ProcessTree.withArgument(pidFile(id)).isEmpty());
    node.run(id, "exit 3");
    assertThat(node.nextExit().exitCode()).isEqualTo(3);
  }

  @Test
  void aContainerThatIsAlreadyThereIsWatchedUntilItIsRemoved() throws Exception {
    String id = node.newId();
    dieMeanwhile(request(id, "%2$s \"$@\"; " + WAIT));
    assertThat(node.client.list()).hasSize(1);
    node.remove(id);
    await("its exit is known", () -> node.client.exit(id).isPresent());
    node.client.forget(id);
    assertThat(node.client.list()).isEmpty();
    ProcessTree.kill(ProcessTree.withArgument(pidFile(id)).orElseThrow());
  }

  @Test
  void aContainerWhoseDaemonDiedMeanwhileIsTakenBack() throws Exception {
    String id = node.newId();
    leaveMeanwhile(request(id, GO + "; exec %2$s \"$@\""));
    Files.createFile(folder.resolve("go"));
    await("it is taken back", () -> !Files.exists(ownFolder(id)));

    assertNothingIsLeft(id);
  }

  @Test
  void aContainerThatIsForgottenWhileItIsCreatedIsNotCreated() throws Exception {
    String id = node.newId();
    leaveMeanwhile(request(id, WAIT));
    node.client.forget(id); // as the next daemon does with what is half made

    assertNothingIsLeft(id);
  }

  @Test
  void aContainerWhoseDaemonDiedWhileItWasStartedRuns() throws Exception {
    String id = node.newId();
    leaveMeanwhile(new Request.Run(request(id, GO + "; exec %2$s \"$@\"")));
    Files.createFile(folder.resolve("go"));
    await("it runs", () -> node.client.runs(id));
    assertThat(stateOf(id)).exists();

    node.remove(id);
    await("its exit is known", () -> node.client.exit(id).isPresent());
    node.client.forget(id);
    assertNothingIsLeft(id);
  }

  @Test
  void aContainerWhoseMonitorDiedWhileItWasStartedIsNotThere() throws Exception {
    String id = node.newId();
    CreateRequest request = request(id, WAIT + "; exec %2$s \"$@\"");
    dieMeanwhile(() -> node.client.run(request));
    assertNothingIsLeft(id);
  }

  @Test
  void aContainerThatRunsWhenItsMonitorDiesIsFoundByTheNextOne() throws Exception {
    String id = node.newId();
    CreateRequest request = request(id, "%2$s \"$@\"; " + WAIT);
    var running = new FutureTask<>(() -> node.client.run(request));
    Thread.ofPlatform().start(running);
    await("the runtime has run it", () -> Files.exists(folder.resolve("waiting")));
    node.killMonitor();

    assertThat(running.get().pid()).isPositive();
    assertThat(node.client.runs(id)).isTrue();
    ProcessTree.kill(ProcessTree.withArgument(pidFile(id)).orElseThrow());
    node.remove(id);
    await("its exit is known", () -> node.client.exit(id).isPresent());
    node.client.forget(id);
    assertNothingIsLeft(id);
  }

  @Test
  void anEndThatOvertakesTheRuntimeIsToldWithAllThatWasPrinted() throws Exception {
    String id = node.newId();
    CreateRequest request =
        request(id, "%2$s \"$@\"; sleep 1", "/bin/sh", "-c", "echo done; exit 5");
    assertThat(node.client.run(request).pid()).isPositive();
    assertThat(node.nextExit().exitCode()).isEqualTo(5);
    assertThat(TestNode.plain(node.log(id))).isEqualTo("stdout F done\n");
  }

  @Test
  void inputThatIsGivenOnceIsWaitedForFromTheBeginning() throws Exception {
    String id = node.newId();
    CreateRequest slow = request(id, "%2$s \"$@\"; sleep 1", "/bin/sh", "-c", "cat; echo over");
    var stdio = new ContainerStdio(Optional.of(node.log(id)), false, true, true);
    node.client.run(new CreateRequest(id, slow.bundle(), slow.runtime(), stdio, slow.cgroup()));
    assertThat(node.client.runs(id)).isTrue();
    try (Session session = node.client.attach(id)) {
      session.write("given\n".getBytes(UTF_8));
      session.closeInput();
      assertThat(node.nextExit().exitCode()).isZero();
    }
    assertThat(TestNode.plain(node.log(id))).isEqualTo("stdout F given\nstdout F over\n");
  }

  /// As a daemon that dies.
  private void leaveMeanwhile(Request request) throws Exception {
    try (var channel = new FdChannel(UnixSockets.connect(node.settings.socket()));
        var wire = new Wire(channel, 1 << 16)) {
      wire.send(Hello.mine());
      wire.send(request);
      await("the runtime is at work", () -> Files.exists(folder.resolve("waiting")));
    }
  }

  /// What the OCI runtime keeps of a container.
  private Path stateOf(String id) {
    return node.runtime.root().resolve(id);
  }

  private Path ownFolder(String id) {
    return node.settings.runDir().resolve("containers/" + id + "/monitor");
  }

  private void assertNothingIsLeft(String id) throws Exception {
    assertThat(node.client.list()).isEmpty();
    assertThat(ownFolder(id)).doesNotExist();
    assertThat(stateOf(id)).doesNotExist();
    assertThat(ProcessTree.withArgument(pidFile(id))).isEmpty();
  }

  private String pidFile(String id) {
    return ownFolder(id).resolve("pid").toString();
  }

  @Test
  void aRuntimeThatTakesLongerThanItsHandlerMayIsEnded() throws Exception {
    String id = node.newId();
    var plain = request(id, "sleep 1000; exit 1");
    var runtime = plain.runtime();
    var limited =
        new OciRuntimeSettings(
            runtime.name(), runtime.path(), runtime.root(), false, Duration.ofSeconds(2));
    var request = new CreateRequest(id, plain.bundle(), limited, plain.stdio(), plain.cgroup());

    assertThatThrownBy(() -> node.client.create(request))
        .hasMessageContaining("create: took longer than PT2S");
    assertNothingIsLeft(id);
  }

  @Test
  void whatARuntimeLeavesThatEndsWellWithoutNamingItsProcessIsEnded() throws Exception {
    String id = node.newId();
    var request =
        request(id, "%2$s \"$@\"; rm " + pidFile(id) + "; exit 0", "/bin/sleep", "314159");

    assertThatThrownBy(() -> node.client.run(request)).hasMessageContaining("run: it died");
    assertNothingIsLeft(id);
    assertThat(ProcessTree.withArgument("314159")).isEmpty();
  }

  private void dieMeanwhile(CreateRequest request) throws Exception {
    dieMeanwhile(() -> node.client.create(request));
  }

  private void dieMeanwhile(Callable<CreatedProcess> call) throws Exception {
    var creating = new FutureTask<>(call);
    Thread.ofPlatform().start(creating);
    await("the runtime is at work", () -> Files.exists(folder.resolve("waiting")));
    node.killMonitor();
    assertThatThrownBy(creating::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
  }

  /// With a runtime that runs such a script, of this folder and the real runtime.
  private CreateRequest request(String id, String script) throws IOException {
    return request(id, script, "/bin/sleep", "1000");
  }

  private CreateRequest request(String id, String script, String... command) throws IOException {
    OciRuntimeSettings real = node.runtime;
    Path slow = folder.resolve("slow");
    Files.writeString(slow, slowOnCreation(script, real.path()));
    Files.setPosixFilePermissions(slow, PosixFilePermissions.fromString("rwx------"));
    CreateRequest plain = node.request(id, command);
    var settings = new OciRuntimeSettings(real.name(), slow, real.root(), false);
    return new CreateRequest(id, plain.bundle(), settings, plain.stdio(), plain.cgroup());
  }

  private String slowOnCreation(String script, Path real) {
    return """
    #!/bin/sh
    case " $* " in *" create "* | *" run "*) %s;; *) exec %s "$@";; esac
    """
        .formatted(script.formatted(folder, real), real);
  }
}
