// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.AttachResponse;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.ExecResponse;
import io.criollo.cri.v1.PortForwardRequest;
import io.criollo.cri.v1.PortForwardResponse;
import io.criollo.runtime.spec.ExecLimits;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/// Hands out URLs for exec, attach and port-forward, and serves them. Pods are looked up here; that
/// a container runs must be checked before. A session is opened only when its client comes.
/// Thread-safe; closed by `Daemon`.
public final class StreamingServer implements AutoCloseable {
  private static final int LARGEST_PORT = 0xffff;
  private static final int MOST_CONNECTIONS = 4_096;

  private final Tokens tokens = new Tokens(System::nanoTime);
  private final Sessions sessions;
  private final Listener listener;

  private StreamingServer(StreamingSettings settings, Sessions sessions) throws IOException {
    this.sessions = sessions;
    var protocols = new Protocols(settings, sessions);
    var clients =
        new Listener.Clients(
            MOST_CONNECTIONS, () -> new Upgrade(tokens, protocols, settings.creation()));
    this.listener = Listener.open(settings, clients);
  }

  /// Listens from now on.
  public static StreamingServer start(
      StreamingSettings settings,
      StreamSession.Opener<ExecRequest> exec,
      StreamSession.Opener<AttachRequest> attach,
      PodPorts ports)
      throws IOException {
    return new StreamingServer(settings, new Sessions(exec, attach, ports));
  }

  public InetSocketAddress address() {
    return listener.address();
  }

  public ExecResponse exec(ExecRequest request) {
    requireId("container_id", request.getContainerId());
    ExecLimits.command("cmd", request.getCmdList());
    var url = url(new StreamingCall.Exec(request, StreamOptions.of(request)));
    return ExecResponse.newBuilder().setUrl(url).build();
  }

  public AttachResponse attach(AttachRequest request) {
    requireId("container_id", request.getContainerId());
    var url = url(new StreamingCall.Attach(request, StreamOptions.of(request)));
    return AttachResponse.newBuilder().setUrl(url).build();
  }

  public PortForwardResponse portForward(PortForwardRequest request) {
    requireId("pod_sandbox_id", request.getPodSandboxId());
    var ports = List.copyOf(request.getPortList());
    for (int port : ports) {
      if (port < 1 || port > LARGEST_PORT) {
        throw new Refusal.InvalidArgument("port", port, "must be between 1 and " + LARGEST_PORT);
      }
    }
    sessions.ports().require(request.getPodSandboxId());
    var url = url(new StreamingCall.PortForward(request.getPodSandboxId(), ports));
    return PortForwardResponse.newBuilder().setUrl(url).build();
  }

  /// Ends all connections and sessions; processes go on. Clients are told and have a moment to hang
  /// up.
  @Override
  public void close() {
    listener.refuse();
    sessions.stop();
    listener.disconnect();
    sessions.close();
    listener.close();
  }

  private String url(StreamingCall call) {
    return listener.baseUrl() + "/" + call.path() + "/" + tokens.issue(call);
  }

  private static void requireId(String field, String id) {
    if (id.isEmpty()) {
      throw new Refusal.InvalidArgument(field + " must not be empty");
    }
  }
}
