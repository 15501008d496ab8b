// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import io.criollo.conformance.CriClient;
import io.criollo.cri.v1.ImageSpec;
import io.criollo.cri.v1.PullImageRequest;
import io.criollo.cri.v1.RemoveImageRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `Pulls [--rounds=5] IMAGE NAME=unix:///SOCKET=PATTERN...`: each runtime in turn pulls an image
/// that it does not have, and removes it again; a table with time, processor time and peak memory.
/// All that is dirty is written out before each pull, so that none pays for another, and timed
/// after it, because a runtime may return before its files are on the disk. The first pull of each
/// runtime since it was started stands apart.
public final class Pulls {
  private static final int MOST_MINUTES = 20;

  private final ImageSpec image;
  private final List<Row> rows;

  private record Row(Peer peer, Samples samples) {}

  private Pulls(String image, List<Peer> peers) {
    this.image = CriClient.spec(image);
    this.rows = peers.stream().map(peer -> new Row(peer, new Samples())).toList();
  }

  public static void main(String[] args) throws Exception {
    var options = new Options(args);
    if (options.words().size() < 2) {
      System.err.println("usage: [--rounds=5] IMAGE NAME=unix:///SOCKET=PATTERN...");
      System.exit(2);
    }
    var peers = options.words().stream().skip(1).map(Peer::parse).toList();
    var pulls = new Pulls(options.words().getFirst(), peers);
    pulls.run(options.number("rounds", 5));
    peers.forEach(Peer::close);
  }

  private void run(int rounds) throws IOException, InterruptedException {
    var order = new ArrayList<>(rows);
    for (int i = 0; i <= rounds; i++) {
      for (var row : order) {
        remove(row.peer());
        pull(row, i == 0 ? " (first)" : "");
        remove(row.peer());
      }
      Collections.rotate(order, 1);
    }
    var columns = new LinkedHashMap<String, Samples>();
    rows.forEach(row -> columns.put(row.peer().name(), row.samples()));
    Table.print(columns, System.out);
  }

  private void pull(Row row, String when) throws IOException, InterruptedException {
    var peer = row.peer();
    var processes = peer.processes();
    sync();
    processes.forgetPeaks();
    var cpu = processes.cpu();
    var busy = Processes.busy();
    long begin = System.nanoTime();
    var pulled =
        peer.client()
            .images()
            .withDeadlineAfter(MOST_MINUTES, TimeUnit.MINUTES)
            .pullImage(PullImageRequest.newBuilder().setImage(image).build());
    long end = System.nanoTime();
    if (pulled.getImageRef().isEmpty()) {
      throw new IOException(peer.name() + " pulled nothing");
    }
    var samples = row.samples();
    samples.add("PullImage" + when, (end - begin) / 1e6);
    samples.add("  its processes' CPU" + when, processes.cpu() - cpu);
    samples.add("  the node's CPU" + when, Processes.busy() - busy);
    samples.add("  their peak RSS (MiB)" + when, processes.peak());
    sync();
    samples.add("  PullImage and sync" + when, (System.nanoTime() - begin) / 1e6);
  }

  private void remove(Peer peer) {
    peer.client()
        .images()
        .withDeadlineAfter(MOST_MINUTES, TimeUnit.MINUTES)
        .removeImage(RemoveImageRequest.newBuilder().setImage(image).build());
  }

  private static void sync() throws IOException, InterruptedException {
    int status = new ProcessBuilder("sync").inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("sync ended with " + status);
    }
  }
}
