// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageId;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Pulls that break and go on, and pulls that meet.
class ResumeKernelTest extends RegistryFixture {
  private static final int SIZE = 400_000;

  private Images images() {
    return store.images();
  }

  private ImageId pull(String reference) throws Exception {
    return store.pull(reference);
  }

  private static TestImage noise(String label, long... seeds) {
    var layers = new ArrayList<TestLayer.Blob>();
    for (var seed : seeds) {
      layers.add(new TestLayer().noise("f" + seed, SIZE, seed).gzip());
    }
    return TestImage.of(label, layers);
  }

  private void nothingIsLeft() {
    for (var left : List.of("staging", "partial", "trash")) {
      assertThat(store.path(left)).as(left).isEmptyDirectory();
    }
  }

  private long partialBytes() throws Exception {
    try (var files = Files.list(store.path("partial"))) {
      var bytes = 0L;
      for (var file : files.toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  @Test
  void whatCameBeforeAFailureIsNotFetchedAgain() throws Exception {
    registry.image("app", "v1", noise("a", 1, 2, 3)).cutAfter(2 * SIZE);
    assertThatThrownBy(() -> pull("reg.test/app:v1"))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    images().close();
    store.open();

    registry.noMoreFaults();
    var before = registry.sent();
    pull("reg.test/app:v1");

    assertThat(registry.sent() - before).isLessThan(SIZE + SIZE / 4);
    nothingIsLeft();
  }

  @Test
  void aRegistryThatRefusesForAWhileLosesNothingThatCameBefore() throws Exception {
    registry.image("app", "v1", noise("a", 1)).cutAfter(SIZE / 2);
    assertThatThrownBy(() -> pull("reg.test/app:v1")).isInstanceOf(ImageException.class);
    var kept = partialBytes();
    assertThat(kept).isGreaterThan(SIZE / 4);

    registry.noMoreFaults();
    registry.fault(exchange -> {
      boolean layer = isLayer(exchange.getRequestURI().getPath());
      if (layer) {
        exchange.sendResponseHeaders(503, -1);
      }
      return layer;
    });
    assertThatThrownBy(() -> pull("reg.test/app:v1"))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));

    assertThat(partialBytes()).isEqualTo(kept);
  }

  @Test
  void layersTogetherComeNoFasterThanTheOperatorSaid() throws Exception {
    registry.image("app", "v1", noise("a", 1, 2, 3));
    images().close();
    store.open(new DownloadLimits(4, 2 * SIZE, DownloadLimits.USUAL.silence()));

    var begin = System.nanoTime();
    pull("reg.test/app:v1");
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(1_500_000_000L);
  }

  @Test
  void bytesOfAnEarlierPullThatHaveGoneBadAreFetchedAgain() throws Exception {
    registry.image("app", "v1", noise("a", 1)).cutAfter(SIZE / 2);
    assertThatThrownBy(() -> pull("reg.test/app:v1")).isInstanceOf(ImageException.class);
    assertThat(partialBytes()).isGreaterThan(SIZE / 4);
    try (var files = Files.list(store.path("partial"))) {
      for (var file : files.toList()) {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
          access.seek(SIZE / 8);
          access.write(new byte[100]);
        }
      }
    }

    registry.noMoreFaults();
    pull("reg.test/app:v1");
    nothingIsLeft();
  }

  /// As after a daemon that was killed before it had the layer.
  @Test
  void aBlobThatIsAllHereIsNotAskedFor() throws Exception {
    var image = noise("a", 1);
    registry.image("app", "v1", image);
    var layer = List.copyOf(image.blobs().keySet()).getLast();
    Files.write(
        store.path("partial").resolve("sha256-" + layer.hex()),
        Objects.requireNonNull(image.blobs().get(layer)));

    pull("reg.test/app:v1");

    assertThat(registry.seen()).noneMatch(seen -> seen.path().endsWith(layer.toString()));
    nothingIsLeft();
  }

  @Test
  void aMirrorThatStopsHalfwayIsFollowedByTheRegistry() throws Exception {
    var image = noise("a", 1, 2);
    mirror.image("app", "v1", image).cutAfter(SIZE);
    registry.image("app", "v1", image);

    pull("mirrored.test/app:v1");

    assertThat(registry.sent()).isBetween((long) SIZE / 2, SIZE + SIZE / 4L);
    assertThat(registry.seen()).noneMatch(seen -> seen.path().contains("/manifests/"));
    nothingIsLeft();
  }

  @Test
  void wrongBytesOfAMirrorAreReplacedByTheRegistrys() throws Exception {
    var image = noise("a", 1, 2);
    mirror.image("app", "v1", image);
    image
        .blobs()
        .forEach((digest, bytes) -> {
          var wrong = bytes.clone();
          wrong[wrong.length / 2] ^= 1;
          mirror.blob("app", digest, wrong);
        });
    registry.image("app", "v1", image);

    var id = pull("mirrored.test/app:v1");

    assertThat(id.digest()).isEqualTo(image.id().toString());
    nothingIsLeft();
  }

  @Test
  void longerAndShorterBlobsThanSaidAreNotTaken() throws Exception {
    var image = noise("a", 1);
    var layer = List.copyOf(image.blobs().keySet()).getLast();
    var bytes = Objects.requireNonNull(image.blobs().get(layer));
    for (var length : List.of(bytes.length + 1000, bytes.length - 1000)) {
      mirror.image("app", "v1", image).blob("app", layer, Arrays.copyOf(bytes, length));
      registry.image("app", "v1", image);
      pull("mirrored.test/app:v1");
      images().removeImage().remove("mirrored.test/app:v1", _ -> false);
      nothingIsLeft();
    }
  }

  /// Holds back the answer to each layer until it is let go.
  private CountDownLatch holdBlobs() {
    var gate = new CountDownLatch(1);
    registry.fault(exchange -> {
      if (isLayer(exchange.getRequestURI().getPath())) {
        try {
          gate.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return false;
    });
    return gate;
  }

  private boolean isLayer(String path) {
    return registry.size(path) > SIZE / 2;
  }

  private long blobRequests(TestImage image, int index) {
    var digest = List.copyOf(image.blobs().keySet()).get(index).toString();
    return registry.seen().stream().filter(seen -> seen.path().endsWith(digest)).count();
  }

  @Test
  void aLayerOfTwoPullsIsFetchedOnce() throws Exception {
    var one = noise("one", 1, 2);
    var two = noise("two", 1, 3);
    registry.image("one", "1", one).image("two", "1", two);
    var gate = holdBlobs();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = callers.submit(() -> pull("reg.test/one:1"));
      var second = callers.submit(() -> pull("reg.test/two:1"));
      awaitLayers(3);
      gate.countDown();
      first.get();
      second.get();
    }
    assertThat(blobRequests(one, 1)).isEqualTo(1);
    nothingIsLeft();
  }

  private void awaitLayers(int blobs) throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (registry.seen().stream().filter(s -> isLayer(s.path())).count() < blobs) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void howFarAPullIsCanBeSeen() throws Exception {
    registry.image("app", "v1", noise("a", 1, 2));
    var gate = holdBlobs();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(images().pulls().list()).isEmpty();
      var caller = callers.submit(() -> pull("reg.test/app:v1"));
      awaitLayers(2);
      var pull = images().pulls().list().getFirst();
      assertThat(pull.reference()).isEqualTo("reg.test/app:v1");
      assertThat(pull.size()).isBetween(2L * SIZE, 2L * SIZE + SIZE / 4);
      assertThat(pull.here()).isZero();
      assertThat(pull.layers())
          .hasSize(2)
          .allSatisfy(layer -> {
            assertThat(layer.phase()).isEqualTo(PullStatus.Phase.FETCHING);
            assertThat(layer.from()).isEqualTo("registry " + registry.host());
          });
      gate.countDown();
      caller.get();
    }
    assertThat(images().pulls().list()).isEmpty();
  }

  private static final class Counts implements PullObserver {
    private final AtomicLong fetched = new AtomicLong();
    private final List<Long> layers = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> reused = Collections.synchronizedList(new ArrayList<>());
    private final List<Duration> pulled = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failed = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void fetched(int bytes) {
      fetched.addAndGet(bytes);
    }

    @Override
    public void layer(long size) {
      layers.add(size);
    }

    @Override
    public void reused(long size) {
      reused.add(size);
    }

    @Override
    public void pulled(Duration took) {
      pulled.add(took);
    }

    @Override
    public void failed(String why) {
      failed.add(why);
    }
  }

  @Test
  void whoCountsHearsWhatCameWhatWasHereAndWhatFailed() throws Exception {
    registry.image("app", "v1", noise("a", 1, 2));
    registry.image("other", "v1", noise("b", 1, 3));
    var counts = new Counts();
    images().pulls().tell(counts);

    pull("reg.test/app:v1");
    pull("reg.test/other:v1");
    assertThatThrownBy(() -> pull("reg.test/none:v1")).isInstanceOf(ImageException.class);

    assertThat(counts.layers)
        .hasSize(3)
        .allSatisfy(size -> assertThat(size).isBetween((long) SIZE, SIZE + SIZE / 8L));
    assertThat(counts.fetched.get())
        .isEqualTo(counts.layers.stream().mapToLong(Long::longValue).sum());
    assertThat(counts.reused).hasSize(1).isSubsetOf(counts.layers);
    assertThat(counts.pulled).hasSize(2).allMatch(Duration::isPositive);
    assertThat(counts.failed).containsExactly("NOT_FOUND");
  }

  @Test
  void aSharedPullEndsOnlyWithItsLastCaller() throws Exception {
    registry.image("app", "v1", noise("a", 1));
    var gate = holdBlobs();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var leaves = callers.submit(() -> pull("reg.test/app:v1"));
      awaitLayers(1);
      var stays = callers.submit(() -> pull("reg.test/app:v1"));
      leaves.cancel(true);
      gate.countDown();
      assertThat(stays.get()).isNotNull();
    }
    assertThat(registry.seen().stream().filter(s -> s.path().contains("/manifests/"))).hasSize(1);
  }

  @Test
  void aPullThatAllHaveLeftMayBeTakenUpAgain() throws Exception {
    registry.image("app", "v1", noise("a", 1));
    var gate = holdBlobs();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var only = callers.submit(() -> pull("reg.test/app:v1"));
      awaitLayers(1);
      only.cancel(true);
      gate.countDown();
      assertThat(callers.submit(() -> pull("reg.test/app:v1")).get()).isNotNull();
    } catch (ExecutionException e) {
      throw new AssertionError("the second pull shared the first one's end", e);
    }
    nothingIsLeft();
  }
}
