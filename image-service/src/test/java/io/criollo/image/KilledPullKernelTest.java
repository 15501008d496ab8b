// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.image.CheckImages.Wish;
import io.criollo.image.seal.SealCheck.Depth;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A daemon that is killed at any step of a pull leaves a store that opens, passes its own check,
/// holds the image whole or not at all, and completes on the next pull.
@Timeout(600)
class KilledPullKernelTest {
  private static final String NAME = "reg.test/app:v1";
  private static final int LAYERS = 5;
  private static final int SIZE = 600_000;

  @TempDir Path folder;
  private FakeRegistry registry;
  private TestImage image;
  private int round;

  @BeforeEach
  void open() throws Exception {
    registry = new FakeRegistry();
    Files.writeString(
        conf(),
        """
        [[registry]]
        prefix = "reg.test"
        location = "%s"
        insecure = true
        """
            .formatted(registry.host()));
    var layers = new ArrayList<TestLayer.Blob>();
    for (int i = 0; i < LAYERS; i++) {
      layers.add(new TestLayer().noise("d/f" + i, SIZE, i).file("d/small" + i, "x" + i).gzip());
    }
    image = TestImage.of("killed", layers);
    registry.image("app", "v1", image);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private Path conf() {
    return folder.resolve("registries.conf");
  }

  private Path root() {
    return folder.resolve("root" + round);
  }

  private Path store(String name) {
    return root().resolve("images").resolve(name);
  }

  private long total() {
    return image.blobs().values().stream().mapToLong(blob -> blob.length).sum();
  }

  /// Something that can be seen of a pull from outside.
  private interface Step {
    boolean isReached() throws IOException;
  }

  private static boolean holds(Path folder, int entries) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var found = Files.list(folder)) {
      return found.count() >= entries;
    }
  }

  private boolean staged(int layers) throws IOException {
    if (!Files.isDirectory(store("staging"))) {
      return false;
    }
    try (var found = Files.list(store("staging"))) {
      return found.filter(f -> Files.exists(f.resolve("staged.json"))).count() >= layers;
    }
  }

  private void killAt(Step step) throws Exception {
    var pull = KilledPull.start(root(), conf(), NAME);
    while (pull.isAlive() && !step.isReached()) {
      pull.waitFor(200, TimeUnit.MICROSECONDS);
    }
    kill(pull);
  }

  private static void kill(Process pull) throws InterruptedException {
    pull.destroyForcibly();
    pull.waitFor();
  }

  private long killAfter(long bytes) throws Exception {
    var pull = new AtomicReference<Process>();
    registry.cutAfter(bytes, () -> pull.get().destroyForcibly());
    var before = registry.sent();
    pull.set(KilledPull.start(root(), conf(), NAME));
    assertThat(pull.get().waitFor()).as("killed").isEqualTo(128 + 9);
    registry.noMoreFaults();
    return registry.sent() - before;
  }

  /// {@return bytes of blobs that the next pull moved}
  private long takesUp(String step) throws Exception {
    var settings = KilledPull.settings(root(), conf());
    var before = registry.sent();
    try (var images = Images.open(settings, KilledPull.QUICK)) {
      passesItsCheck(images, step);
      if (images.imageStatus().find(NAME).isPresent()) {
        isWhole(images, step);
      }
      var request = new PullRequest(NAME, Optional.empty(), "");
      assertThat(images.pullImage().pull(request).digest()).isEqualTo(image.id().toString());
      isWhole(images, step);
      passesItsCheck(images, step);
      for (var left : List.of("staging", "partial", "trash")) {
        assertThat(store(left)).as(step + ": " + left).isEmptyDirectory();
      }
    }
    var moved = registry.sent() - before;
    DirFd.removeTree(root());
    round++;
    return moved;
  }

  private static void passesItsCheck(Images images, String step) throws Exception {
    assertThat(TestStore.check(images, new Wish(Depth.WHOLE, false)))
        .as(step)
        .allSatisfy(checked -> assertThat(checked.fault()).as(checked.what()).isEmpty());
  }

  private void isWhole(Images images, String step) throws Exception {
    var id = images.imageStatus().find(NAME).orElseThrow().id();
    var root = images.rootFilesystems().create("c", id).path();
    for (int i = 0; i < LAYERS; i++) {
      var expected = new byte[SIZE];
      new Random(i).nextBytes(expected);
      assertThat(root.resolve("d/f" + i)).as(step).hasBinaryContent(expected);
      assertThat(root.resolve("d/small" + i)).as(step).hasContent("x" + i);
    }
    images.rootFilesystems().remove("c");
  }

  @Test
  void everyStepMayBeTheLast() throws Exception {
    killAt(() -> holds(store("lock").resolveSibling("."), 1));
    takesUp("store made");
    for (int requests = 1; requests <= 2 + LAYERS; requests += 2) {
      var last = registry.seen().size() + requests;
      killAt(() -> registry.seen().size() >= last);
      takesUp("request " + requests);
    }
    killAt(() -> holds(store("partial"), 1));
    takesUp("first bytes kept");
    for (int layers = 1; layers <= LAYERS; layers += 2) {
      var wanted = layers;
      killAt(() -> staged(wanted));
      takesUp(layers + " layers staged");
      killAt(() -> holds(store("layers"), wanted));
      takesUp(layers + " layers visible");
    }
    killAt(() -> holds(store("blobs"), 1));
    takesUp("configuration written");
    killAt(() -> holds(store("index"), 1));
    takesUp("image recorded");
  }

  @Test
  void anyMomentMayBeTheLast() throws Exception {
    var random = new Random(20261121);
    for (int i = 0; i < 4; i++) {
      var bytes = (long) (random.nextDouble() * total());
      killAfter(bytes);
      takesUp("after " + bytes + " bytes");
    }
  }

  /// {@return bytes that the store has of the blobs of layers}
  private long arrived() {
    try (var partial = Files.list(store("partial"))) {
      var bytes = partial.mapToLong(file -> file.toFile().length()).sum();
      for (int layers = LAYERS; layers > 0; layers--) {
        if (staged(layers)) {
          return bytes + layers * (total() / LAYERS);
        }
      }
      return bytes;
    } catch (IOException | UncheckedIOException e) {
      return 0; // a file went while it was looked at
    }
  }

  /// Sends no more than has arrived and a bit.
  private void pace(long before) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (arrived() + (64 << 10) < registry.sent() - before && System.nanoTime() < deadline) {
      LockSupport.parkNanos(500_000);
    }
  }

  @Test
  void aPullKilledAtThreeFifthsMovesTheRestOnly() throws Exception {
    var before = registry.sent();
    registry.beforePiece(() -> pace(before));
    var first = killAfter(total() * 6 / 10);
    assertThat(first).isBetween(total() * 55 / 100, total() * 65 / 100);
    assertThat(takesUp("three fifths")).isLessThanOrEqualTo(total() * 45 / 100);
  }
}
