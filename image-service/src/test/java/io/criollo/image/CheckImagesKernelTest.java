// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.image.CheckImages.Checked;
import io.criollo.image.CheckImages.Wish;
import io.criollo.image.reference.Digest;
import io.criollo.image.seal.SealCheck.Depth;
import io.criollo.image.store.ChainIds;
import io.criollo.linux.DirFd;
import io.criollo.linux.Xattrs;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Layers that rot on the disk, or lose with the power what was thought to be on it.
class CheckImagesKernelTest extends RegistryFixture {
  private static final String NAME = "reg.test/app:v1";
  private static final int SIZE = 300_000;

  private TestImage image;
  private List<TestLayer.Blob> layers;

  @BeforeEach
  void pull() throws Exception {
    layers =
        List.of(
            new TestLayer().directory("etc", 0755).noise("etc/low", SIZE, 1).gzip(),
            middle(),
            new TestLayer().file("etc/.wh.gone", "").noise("etc/top", SIZE, 3).gzip());
    image = TestImage.of("checked", layers);
    registry.image("app", "v1", image);
    store.pull(NAME);
  }

  private static TestLayer.Blob middle() {
    return new TestLayer()
        .directory("etc", 0755)
        .noise("etc/noise", SIZE, 2)
        .file("etc/text", "text")
        .file("etc/empty", "")
        .file("etc/gone", "gone")
        .file("etc/odd \\ name\n", "odd")
        .symlink("etc/link", "text")
        .hardlink("etc/hard", "etc/text")
        .hardlink("etc/low2", "etc/low")
        .device("etc/null", 1, 3)
        .fifo("etc/fifo")
        .withHeaders("etc/capable", Map.of("SCHILY.xattr.user.note", "note"), "capable")
        .directory("var", 0755)
        .file("var/last", "last")
        .gzip();
  }

  private Images images() {
    return store.images();
  }

  private Digest chain(int layer) {
    return ChainIds.of(layers.stream().map(TestLayer.Blob::diffId).toList()).get(layer);
  }

  private Path diff(int layer) {
    return store.path("layers").resolve(chain(layer).hex()).resolve("diff");
  }

  private List<Checked> check(Depth depth, boolean repair) throws Exception {
    return TestStore.check(images(), new Wish(depth, repair));
  }

  private List<Checked> broken(Depth depth, boolean repair) throws Exception {
    return check(depth, repair).stream().filter(checked -> checked.fault().isPresent()).toList();
  }

  /// Damages the middle layer of three.
  private interface Damage {
    void to(Path diff) throws Exception;
  }

  private void isFoundAndMended(String named, Depth least, Damage damage) throws Exception {
    damage.to(diff(1));
    if (least == Depth.WHOLE) {
      assertThat(broken(Depth.QUICK, false)).as(named).isEmpty();
    }
    assertThat(broken(least, false))
        .as(named)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.what()).isEqualTo("layer " + layers.get(1).diffId());
          assertThat(one.fault().orElseThrow()).contains(named);
          assertThat(one.images()).containsExactly(NAME);
        });
    assertThat(images().imageStatus().find(NAME)).as("not repaired yet").isPresent();
    broken(least, true);
    isPulledAgain(1);
  }

  private void isPulledAgain(int layer) throws Exception {
    assertThat(images().imageStatus().find(NAME)).isEmpty();
    var before = registry.seen().size();
    store.pull(NAME);
    assertThat(
            registry.seen().subList(before, registry.seen().size()).stream()
                .map(FakeRegistry.Seen::path)
                .filter(path -> path.contains("/blobs/")))
        .containsExactly("/v2/app/blobs/" + layers.get(layer).digest());
    assertThat(broken(Depth.WHOLE, false)).isEmpty();
    assertThat(store.path("aside")).isEmptyDirectory();
  }

  @Test
  void whatWasUnpackedPassesItsCheck() throws Exception {
    assertThat(broken(Depth.WHOLE, true)).isEmpty();
    assertThat(check(Depth.WHOLE, false))
        .extracting(Checked::what)
        .contains("image " + images().imageStatus().find(NAME).orElseThrow().id())
        .hasSize(4);
  }

  @Test
  void contentThatRotsIsFoundByReadingIt() throws Exception {
    isFoundAndMended(
        "etc/noise: is crc32c=",
        Depth.WHOLE,
        diff -> {
          var time = Files.getLastModifiedTime(diff.resolve("etc/noise"));
          try (var file = new RandomAccessFile(diff.resolve("etc/noise").toFile(), "rw")) {
            file.seek(SIZE / 2);
            int flipped = file.read() ^ 1;
            file.seek(SIZE / 2);
            file.write(flipped);
          }
          Files.setLastModifiedTime(diff.resolve("etc/noise"), time);
        });
  }

  @Test
  void filesThatAreCutShortAreFoundWithoutReading() throws Exception {
    isFoundAndMended("etc/noise: is time=", Depth.QUICK, diff -> cut(diff.resolve("etc/noise")));
    isFoundAndMended(
        "etc/hard: is size=0, was size=4",
        Depth.QUICK,
        diff -> {
          var time = Files.getLastModifiedTime(diff.resolve("etc/text"));
          cut(diff.resolve("etc/text"));
          Files.setLastModifiedTime(diff.resolve("etc/text"), time);
        });
  }

  private static void cut(Path file) throws Exception {
    Files.newByteChannel(file, StandardOpenOption.WRITE).truncate(0).close();
  }

  @Test
  void whatIsGoneOrNewIsFound() throws Exception {
    for (var name : List.of("etc/empty", "etc/fifo", "var/last", "etc/odd \\ name\n")) {
      var shown = name.replace("\\", "\\\\").replace(" ", "\\_").replace("\n", "\\n");
      isFoundAndMended(shown, Depth.QUICK, diff -> quietly(diff, name, Files::delete));
    }
    isFoundAndMended("var/new", Depth.QUICK, diff -> quietly(diff, "var/new", Files::createFile));
  }

  /// Does something to a file so that its directory's time stays.
  private static void quietly(Path diff, String name, Damage action) throws Exception {
    var file = diff.resolve(name);
    var time = Files.getLastModifiedTime(file.resolveSibling("."));
    action.to(file);
    Files.setLastModifiedTime(file.resolveSibling("."), time);
  }

  @Test
  void ownersModesAttributesTimesAndTargetsAreCompared() throws Exception {
    isFoundAndMended(
        "etc/hard: is uid=7, was uid=0",
        Depth.QUICK,
        diff -> Files.setAttribute(diff.resolve("etc/text"), "unix:uid", 7));
    isFoundAndMended(
        "etc/hard: is mode=100777, was mode=100644",
        Depth.QUICK,
        diff ->
            Files.setPosixFilePermissions(
                diff.resolve("etc/text"), PosixFilePermissions.fromString("rwxrwxrwx")));
    isFoundAndMended(
        "var: is mode=40700, was mode=40755",
        Depth.QUICK,
        diff ->
            Files.setPosixFilePermissions(
                diff.resolve("var"), PosixFilePermissions.fromString("rwx------")));
    isFoundAndMended(
        "var/last: is time=0.0, was time=1600000000.0",
        Depth.QUICK,
        diff -> Files.setLastModifiedTime(diff.resolve("var/last"), FileTime.fromMillis(0)));
    isFoundAndMended(
        "etc/capable: is user.note=",
        Depth.QUICK,
        diff -> {
          try (var etc = DirFd.open(diff.resolve("etc"))) {
            Xattrs.set(etc, "capable", "user.note", new byte[] {1});
          }
        });
  }

  @Test
  void aSealThatIsBrokenItselfIsFound() throws Exception {
    isFoundAndMended("seal is broken", Depth.QUICK, diff -> cut(diff.resolveSibling("seal.gz")));
    isFoundAndMended(
        "seal is broken",
        Depth.QUICK,
        diff -> {
          try (var file = new RandomAccessFile(diff.resolveSibling("seal.gz").toFile(), "rw")) {
            file.setLength(file.length() - 9);
          }
        });
    isFoundAndMended(
        "seal is not there", Depth.QUICK, diff -> Files.delete(diff.resolveSibling("seal.gz")));
  }

  /// Reading a process's memory at address 0 fails as reading a bad disk does.
  private static void makeUnreadable(Path file) throws Exception {
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
  }

  @Test
  void whatTheDiskCannotReadIsBrokenAndTheCheckGoesOn() throws Exception {
    makeUnreadable(diff(0).resolveSibling("seal.gz"));
    makeUnreadable(diff(2).resolveSibling("seal.gz"));
    makeUnreadable(store.path("blobs").resolve("sha256-" + image.id().hex()));

    assertThat(broken(Depth.QUICK, false))
        .extracting(Checked::what)
        .containsExactlyInAnyOrder(
            "layer " + layers.get(0).diffId(),
            "layer " + layers.get(2).diffId(),
            "image " + image.id());
    assertThat(broken(Depth.QUICK, false))
        .extracting(checked -> checked.fault().orElseThrow())
        .filteredOn(fault -> fault.matches("the disk cannot read it: read .*/seal.gz: EIO.*"))
        .hasSize(2);
    broken(Depth.QUICK, true);
    store.pull(NAME);
    assertThat(broken(Depth.WHOLE, false)).isEmpty();
  }

  @Test
  void aStoreOpensWhenTheDiskCannotReadAConfiguration() throws Exception {
    makeUnreadable(store.path("blobs").resolve("sha256-" + image.id().hex()));
    images().close();
    store.open();

    assertThat(images().imageStatus().find(NAME)).isEmpty();
    store.pull(NAME);
    assertThat(broken(Depth.WHOLE, false)).isEmpty();
  }

  @Test
  void aPullGoesOnWhileARepairTakesALayerFromUnderIt() throws Exception {
    var top = new TestLayer().noise("etc/above", SIZE, 4).gzip();
    var larger = TestImage.of("larger", Stream.concat(layers.stream(), Stream.of(top)).toList());
    registry.image("larger", "v1", larger);
    var asked = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    registry.fault(exchange -> {
      if (exchange.getRequestURI().getPath().endsWith(top.digest().toString())) {
        asked.countDown();
        await(go);
      }
      return false;
    });
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var pull = callers.submit(() -> store.pull("reg.test/larger:v1"));
      await(asked);
      Files.delete(diff(1).resolve("var/last"));
      assertThat(broken(Depth.QUICK, true)).hasSize(1);
      assertThat(diff(1)).doesNotExist();
      go.countDown();
      assertThat(pull.get()).hasToString(larger.id().toString());
    }

    assertThat(images().imageStatus().find(NAME)).as("it was taken out").isEmpty();
    assertThat(diff(1).resolve("var/last")).hasContent("last");
    assertThat(broken(Depth.WHOLE, false)).isEmpty();
    var asks = registry.seen().stream().map(FakeRegistry.Seen::path);
    assertThat(asks.filter(path -> path.endsWith(layers.get(1).digest().toString())))
        .as("once before, once again")
        .hasSize(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aBrokenConfigurationIsFetchedAgain() throws Exception {
    Files.writeString(store.path("blobs").resolve("sha256-" + image.id().hex()), "{}");
    assertThat(broken(Depth.QUICK, true))
        .singleElement()
        .satisfies(one -> assertThat(one.what()).isEqualTo("image " + image.id()));
    assertThat(images().imageStatus().find(NAME)).isEmpty();
    store.pull(NAME);
    assertThat(broken(Depth.QUICK, true)).isEmpty();
  }

  @Test
  void aContainerKeepsTheBrokenLayerThatItStandsOn() throws Exception {
    var id = images().imageStatus().find(NAME).orElseThrow().id();
    var root = images().rootFilesystems().create("old", id).path();
    cut(diff(1).resolve("etc/empty"));
    Files.delete(diff(1).resolve("var/last"));
    broken(Depth.QUICK, true);
    store.pull(NAME);
    images().close();
    store.open(); // and the next daemon leaves it to the container too

    assertThat(store.path("aside")).isNotEmptyDirectory();
    assertThat(root.resolve("etc/text")).hasContent("text");
    var fresh = images().rootFilesystems().create("new", id).path();
    assertThat(fresh.resolve("var/last")).hasContent("last");
    images().rootFilesystems().remove("old");
    assertThat(store.path("aside")).isEmptyDirectory();
    assertThat(fresh.resolve("etc/text")).hasContent("text");
  }

  @Test
  void aContainerKeepsALayerWhoseRecordIsTornWhenTheDaemonStarts() throws Exception {
    var id = images().imageStatus().find(NAME).orElseThrow().id();
    var root = images().rootFilesystems().create("old", id).path();
    Files.writeString(diff(1).resolveSibling("layer.json"), "{torn");
    images().close();
    store.open();

    assertThat(root.resolve("etc/text")).hasContent("text");
    store.pull(NAME);
    images().rootFilesystems().remove("old");
    assertThat(store.path("aside")).isEmptyDirectory();
  }

  @Test
  void afterALossOfPowerWhatIsMissingIsFoundWithoutBeingAsked() throws Exception {
    images().scrub().start();
    assertThat(store.path("session.json")).content().contains("\"doubtful\":false");
    images().close();
    losePower();
    cut(diff(1).resolve("etc/noise"));
    store.open();
    images().scrub().start();
    awaitTrust();
    isPulledAgain(1);
  }

  @Test
  void aDaemonThatWasStoppedBeforeTheMachineLeavesNoDoubt() throws Exception {
    images().close();
    var session = store.path("session.json");
    Files.writeString(
        session, Files.readString(session).replaceFirst("\"boot\":\"[^\"]*", "\"boot\":\"before"));
    store.open();
    assertThat(session).content().contains("\"doubtful\":false");
  }

  @Test
  void aLossOfPowerThatTookTheNoteOfItLeavesDoubt() throws Exception {
    images().close();
    Files.write(store.path("session.json"), new byte[0]);
    store.open();
    assertThat(store.path("session.json")).content().contains("\"doubtful\":true");
    images().close();
    store.open();
    assertThat(store.path("session.json")).content().contains("\"doubtful\":true");
  }

  /// As the file is when the machine goes down while a daemon runs.
  private void losePower() throws Exception {
    var session = store.path("session.json");
    assertThat(session).content().contains("\"open\":false");
    Files.writeString(
        session,
        Files.readString(session)
            .replace("\"open\":false", "\"open\":true")
            .replaceFirst("\"boot\":\"[^\"]*", "\"boot\":\"before"));
  }

  private void awaitTrust() throws Exception {
    var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (Files.readString(store.path("session.json")).contains("\"doubtful\":true")) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
