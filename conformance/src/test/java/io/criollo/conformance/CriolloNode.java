// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.RemovePodSandboxRequest;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.RuntimeHandlerFeatures;
import io.criollo.cri.v1.StatusRequest;
import io.criollo.cri.v1.StopPodSandboxRequest;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A daemon that all tests of a JVM share. After each test every pod is removed, and then nothing
/// may be on the node that was not there before the test.
final class CriolloNode implements BeforeEachCallback, AfterEachCallback {
  private static @Nullable CriolloNode shared;

  private final TestNode node;
  private DaemonProcess daemon;
  private boolean usual = true;
  private @Nullable Ledger before;

  private CriolloNode() throws IOException, InterruptedException {
    node = TestNode.prepare();
    daemon = node.startDaemon(runtime());
    Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown));
    client().pull(TestImages.BUSYBOX);
    client().pull(TestImages.WEB);
  }

  static synchronized CriolloNode shared() {
    if (shared == null) {
      try {
        shared = new CriolloNode();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return shared;
  }

  static String runtime() {
    return Optional.ofNullable(System.getenv("CRIOLLO_TEST_RUNTIME")).orElse("crun");
  }

  CriClient client() {
    return daemon.client();
  }

  /// {@return what the default runtime handler offers}
  RuntimeHandlerFeatures features() {
    return client()
        .runtime()
        .status(StatusRequest.getDefaultInstance())
        .getRuntimeHandlersList()
        .stream()
        .filter(handler -> handler.getName().isEmpty())
        .findFirst()
        .orElseThrow()
        .getFeatures();
  }

  TestNode node() {
    return node;
  }

  DaemonProcess daemon() {
    return daemon;
  }

  PodSandboxConfig.Builder config(String name) throws IOException {
    return Pod.config(name, node.logs());
  }

  Pod run(PodSandboxConfig config) throws IOException {
    return Pod.run(this::client, config);
  }

  Pod handledBy(String handler, PodSandboxConfig config) throws IOException {
    PodCgroup.make(config.getLinux().getCgroupParent());
    var request = RunPodSandboxRequest.newBuilder().setConfig(config).setRuntimeHandler(handler);
    var id = client().runtime().runPodSandbox(request.build()).getPodSandboxId();
    return Pod.adopt(this::client, config, id);
  }

  Pod pod(String name) throws IOException {
    return run(config(name).build());
  }

  /// A daemon that has ended is followed by a new one with the same folders.
  void startAgain(String... options) throws IOException, InterruptedException {
    daemon = node.startDaemon(runtime(), options);
    usual = options.length == 0;
  }

  /// The daemon is stopped, and another one has these options up to the end of the test.
  void restart(String... options) throws IOException, InterruptedException {
    daemon.close();
    startAgain(options);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException, InterruptedException {
    before = node.ledger();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
    boolean ended = !daemon.runs();
    if (ended) { // the tests that follow shall not fail for it
      startAgain();
    } else if (!usual) {
      restart();
    }
    removeAllPods();
    PodCgroup.removeAll();
    Ledger first = before;
    if (first != null) {
      assertThat(node.ledger().beyond(first)).as("left behind on the node").isEmpty();
    }
    assertThat(ended).as("the daemon had ended").isFalse();
  }

  void removeAllPods() {
    var pods = client().runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance());
    for (var pod : pods.getItemsList()) {
      String id = pod.getId();
      client()
          .runtime()
          .stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
      client()
          .runtime()
          .removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build());
    }
  }

  private void shutDown() {
    try (var _ = node) {
      daemon.close();
    } catch (IOException e) {
      System.err.println(e);
    }
  }
}
