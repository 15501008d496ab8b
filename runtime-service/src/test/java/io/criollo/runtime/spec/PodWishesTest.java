// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.runtime.spec.OciResources.DeviceRule;
import io.criollo.runtime.state.Refusal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodWishesTest {
  private static final String UNIFIED = "unified-cgroup.crio.io/web";

  /// @param pod keys and values of its annotations
  private static SpecInput input(Set<String> allowed, String... pod) {
    return input(new AnnotationRules(Map.of(), allowed), pod);
  }

  private static SpecInput input(AnnotationRules rules, String... pod) {
    return with(Inputs.plain(), new HandlerDefaults(1, true, Optional.empty(), rules, false), pod);
  }

  private static SpecInput with(SpecInput plain, HandlerDefaults handler, String... pod) {
    var config = plain.pod().toBuilder();
    for (int i = 0; i < pod.length; i += 2) {
      config.putAnnotations(pod[i], pod[i + 1]);
    }
    var usual = ContainerDefaults.USUAL;
    var devices =
        new ContainerDefaults.Devices(List.of(), List.of(), Set.of("/dev/null"), true, true);
    var input = Inputs.withDefaults(plain, usual.with(devices).with(handler));
    return new SpecInput(
        config.build(),
        input.container(),
        input.image(),
        input.paths(),
        input.node(),
        input.user());
  }

  private static void refused(SpecInput input, String... parts) {
    assertThatThrownBy(() -> SpecBuilder.build(input))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .message()
        .contains(parts);
  }

  @ParameterizedTest
  @CsvSource({
    "umask.crio.io, umask.crio.io",
    "io.kubernetes.cri-o.umask, io.kubernetes.cri-o.umask",
  })
  void eachNameIsAllowedByItself(String allowed, String key) {
    assertThat(user(input(Set.of(allowed), key, "077")).umask()).isEqualTo(077);
    assertThat(user(input(Set.of(), key, "077")).umask()).isNull();
    assertThat(user(input(Set.of("shm-size.crio.io"), key, "x")).umask()).isNull();
  }

  private static OciProcess.User user(SpecInput input) {
    return SpecBuilder.build(input).process().user();
  }

  @Test
  void theNewerNameGoesBeforeTheOlder() {
    var both = Set.of("umask.crio.io", "io.kubernetes.cri-o.umask");
    var input = input(both, "umask.crio.io", "027", "io.kubernetes.cri-o.umask", "077");
    assertThat(user(input).umask()).isEqualTo(027);
  }

  @Test
  void whatTheHandlerGivesHoldsUntilThePodSaysOtherwise() {
    var given = Map.of("umask.crio.io", "0027");
    assertThat(user(input(new AnnotationRules(given, Set.of()))).umask()).isEqualTo(027);
    assertThat(user(input(new AnnotationRules(given, Set.of()), "umask.crio.io", "0")).umask())
        .isEqualTo(027);
    var rules = new AnnotationRules(given, Set.of("umask.crio.io"));
    assertThat(user(input(rules, "umask.crio.io", "0")).umask()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "00777", "-1", "u=rwx", "0x7", " 7"})
  void aUmaskIsUpToFourOctalDigits(String umask) {
    refused(
        input(Set.of("umask.crio.io"), "umask.crio.io", umask),
        "config.annotations umask.crio.io",
        umask);
  }

  @Test
  void devicesOfThePodAreThoseOfEachContainer() {
    var allowed = Set.of("devices.crio.io");
    var linux =
        SpecBuilder.build(input(allowed, "devices.crio.io", "/dev/null:/dev/sink:r,,/dev/null"))
            .linux();
    assertThat(linux.devices())
        .extracting(OciLinux.Device::path)
        .containsExactlyInAnyOrder("/dev/sink", "/dev/null");
    assertThat(linux.resources().devices()).contains(new DeviceRule(true, "c", 1, 3, "r"));
    var other = input(Set.of(), "devices.crio.io", "/dev/null", "io.kubernetes.cri-o.Devices", "x");
    assertThat(SpecBuilder.build(other).linux().devices()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/dev/zero, must be one of allowed_devices",
    "/dev/zero:/dev/null, must be one of allowed_devices",
    "/dev/../dev/null, must be one of allowed_devices",
    "/etc/passwd, must be such as",
    "/dev/null:/etc/x, must be such as",
    "/dev/null:rr, must be such as",
    "/dev/null:/dev/a:rw:x, must be such as"
  })
  void devicesThatTheConfigurationDoesNotNameAreRefused(String device, String why) {
    refused(
        input(Set.of("devices.crio.io"), "devices.crio.io", device),
        "config.annotations devices.crio.io",
        why);
  }

  @Test
  void filesOfTheCgroupAreForTheContainerThatIsNamed() {
    var allowed = Set.of("unified-cgroup.crio.io", "io.kubernetes.cri-o.UnifiedCgroup");
    var text = "memory.high=1024;memory.low=MTI4;;io.weight=default 50";
    for (var key :
        List.of(
            UNIFIED,
            "io.kubernetes.cri-o.UnifiedCgroup/web",
            "io.kubernetes.cri-o.UnifiedCgroup.web")) {
      assertThat(unified(input(allowed, key, text)))
          .isEqualTo(Map.of("memory.high", "1024", "memory.low", "128", "io.weight", "default 50"));
      assertThat(unified(input(Set.of(), key, text))).isEmpty();
    }
    assertThat(unified(input(allowed, "unified-cgroup.crio.io/other", text))).isEmpty();
    assertThat(unified(input(allowed, "unified-cgroup.crio.io", text))).isEmpty();
  }

  private static Map<String, String> unified(SpecInput input) {
    return SpecBuilder.build(input).linux().resources().unified();
  }

  @Test
  void theyGoBeforeThoseOfTheRequest() throws Exception {
    var request =
        Inputs.resources(
            r -> r.setCpuShares(1024).putUnified("memory.high", "1").putUnified("memory.low", "2"));
    var rules = new AnnotationRules(Map.of(), Set.of("unified-cgroup.crio.io"));
    var handler = new HandlerDefaults(1, true, Optional.empty(), rules, false);
    var input = with(request, handler, UNIFIED, "memory.high=3;cpu.weight=4");
    var after = Map.of("memory.high", "3", "memory.low", "2", "cpu.weight", "4");
    assertThat(unified(input)).isEqualTo(after);

    var limits = LinuxContainerResources.newBuilder().putUnified("memory.low", "5").build();
    var update =
        ResourceUpdate.of(LinuxContainerResources.getDefaultInstance(), limits, input.node());
    var updated = OciSpec.parse(OciSpec.limited(SpecBuilder.build(input).toJson(), update.oci()));
    var expected = new HashMap<>(after);
    expected.put("memory.low", "5");
    assertThat(updated.linux().resources().unified()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"memory.high", "=1", "cgroup.procs=1", "../memory.max=1", "memory.high=a\u0007b"})
  void otherFilesAreRefused(String text) {
    refused(
        input(Set.of("unified-cgroup.crio.io"), UNIFIED, text),
        "config.annotations unified-cgroup.crio.io/web");
  }

  @Test
  void hostileTextsAreReadOrRefused() {
    var random = new Random(5);
    var letters = "memory.high=;,:/dev/null 0123456789+=AZaz\0\n";
    for (int i = 0; i < 5_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      for (var key : List.of(UNIFIED, "devices.crio.io", "umask.crio.io")) {
        try {
          assertThat(
                  PodWishes.of(
                      input(
                          Set.of("unified-cgroup.crio.io", "devices.crio.io", "umask.crio.io"),
                          key,
                          text.toString())))
              .isNotNull();
        } catch (Refusal.InvalidArgument e) {
          assertThat(e).hasMessageContaining("config.annotations ");
        }
      }
    }
  }

  @Test
  void theCgroupIsWritableWhereItIsAllowedAndWished() {
    var key = "cgroup2-mount-hierarchy-rw.crio.io";
    assertThat(cgroupOptions(input(Set.of(key), key, "true"))).contains("rw").doesNotContain("ro");
    assertThat(cgroupOptions(input(Set.of(key), key, "yes"))).contains("ro");
    assertThat(cgroupOptions(input(Set.of(), key, "true"))).contains("ro").doesNotContain("rw");
  }

  private static List<String> cgroupOptions(SpecInput input) {
    return SpecBuilder.build(input).mounts().stream()
        .filter(mount -> mount.destination().equals("/sys/fs/cgroup"))
        .findFirst()
        .orElseThrow()
        .options();
  }

  @Test
  void annotationsForTheRuntimeReachItWhereTheOperatorAllowsThem() {
    var keys = new String[] {"run.oci.handler", "1", "bundle", "2", "krun.cpus", "3"};
    assertThat(SpecBuilder.build(input(Set.of("run.oci.", "bundle"), keys)).annotations())
        .containsEntry("run.oci.handler", "1")
        .containsEntry("bundle", "2")
        .doesNotContainKey("krun.cpus");
    assertThat(SpecBuilder.build(input(Set.of(), keys)).annotations())
        .doesNotContainKeys("run.oci.handler", "bundle", "krun.cpus");
  }

  @Test
  void theContainerThatIsToBeTracedIsNamedByItsPod() {
    var key = "io.containers.trace-syscall";
    var pod = new String[] {key + "/web", "of:/tmp/a", key + "/other", "of:/tmp/b"};
    assertThat(SpecBuilder.build(input(Set.of(key), pod)).annotations())
        .containsEntry(key, "of:/tmp/a");
    assertThat(SpecBuilder.build(input(Set.of(), pod)).annotations()).doesNotContainKey(key);
    var own =
        Inputs.container(c -> c.putAnnotations(key, "x").putAnnotations("devices.crio.io", "y"));
    assertThat(SpecBuilder.build(own).annotations().keySet())
        .noneMatch(name -> Arrays.asList(key, "devices.crio.io").contains(name));
  }

  @Test
  void programsOfExecStartOnTheFirstCpuOfACpuset() throws Exception {
    var first = new HandlerDefaults(1, true, Optional.empty(), AnnotationRules.NONE, true);
    var some = Inputs.resources(r -> r.setCpusetCpus("2-3,1"));
    var input = with(some, first);
    var affinity = new OciProcess.CpuAffinity("1");
    assertThat(SpecBuilder.build(input).process().execCPUAffinity()).isEqualTo(affinity);
    assertThat(SpecBuilder.build(some).process().execCPUAffinity()).isNull();
    assertThat(SpecBuilder.build(with(Inputs.plain(), first)).process().execCPUAffinity()).isNull();

    var json = SpecBuilder.build(input).toJson();
    var limits = LinuxContainerResources.newBuilder().setCpusetCpus("3").build();
    var update =
        ResourceUpdate.of(LinuxContainerResources.getDefaultInstance(), limits, input.node());
    assertThat(OciSpec.parse(OciSpec.limited(json, update.oci())).process().execCPUAffinity())
        .isEqualTo(new OciProcess.CpuAffinity("3"));
  }
}
