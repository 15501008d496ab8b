// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.demo;

import io.criollo.conformance.DaemonProcess;
import io.criollo.conformance.TestNode;

/// `./dev run` on a node: prepares it, shows the life of a pod, and fails if anything is not as it
/// should be. The one argument is the name of an OCI runtime.
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    String runtime = args.length > 0 ? args[0] : "crun";
    var transcript = new Transcript(System.out);
    try (TestNode node =
            transcript.step("registry on loopback filled with test images", TestNode::prepare);
        DaemonProcess daemon =
            transcript.step(
                "daemon started, first answer received", () -> node.startDaemon(runtime))) {
      new Demonstration(node, daemon, transcript).run();
    }
    System.exit(transcript.failed() ? 1 : 0);
  }
}
