// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.criollo.runtime.config.RuntimeEntry.Containers;
import io.criollo.runtime.spec.AnnotationRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  @TempDir Path dir;
  private Path file;
  private Path programs;

  @BeforeEach
  void oneProgram() throws IOException {
    file = dir.resolve("criollo.conf");
    programs = Files.createDirectory(dir.resolve("bin"));
    program("crun");
  }

  @Test
  void withoutFilesTheDefaultsAreCriollosOwn() throws Exception {
    var config =
        ConfigLoader.load(
            new ConfigSources(file, false, dir.resolve("none")),
            Map.of(),
            Map.of(),
            List.of(programs));

    assertThat(config.requiredPath(Option.ROOT)).hasToString("/var/lib/criollo");
    assertThat(config.requiredPath(Option.LISTEN)).hasToString("/run/criollo/criollo.sock");
    assertThat(config.paths(Option.PLUGIN_DIRS))
        .containsExactly(Path.of("/opt/cni/bin"), Path.of("/usr/lib/cni"));
    assertThat(config.text(Option.DEFAULT_RUNTIME)).hasValue("crun");
    assertThat(config.runtimes())
        .containsOnly(
            Map.entry(
                "crun",
                new RuntimeEntry(
                    "crun",
                    programs.resolve("crun"),
                    Path.of("/run/criollo/runtime/crun"),
                    new Containers(
                        500 << 10,
                        true,
                        Optional.empty(),
                        new AnnotationRules(
                            Map.of(), Set.of("devices.crio.io", "io.containers.trace-syscall")),
                        Duration.ofMinutes(4),
                        false),
                    false)));
    assertThat(config.text(Option.CNI_DEFAULT_NETWORK)).isEmpty();
    assertThat(config.warnings()).isEmpty();
    assertThat(config.files()).isEmpty();
  }

  @Test
  void laterFilesAndFlagsOverride() throws Exception {
    conf(
        "[crio]\nroot = \"/a\"\nrunroot = \"/r\"\n[crio.network]\nplugin_dirs = [\"/p1\", \"/p2\"]\ncni_default_network = \"n\"");
    dropIn("20.conf", "[crio]\nroot = \"/c\"");
    dropIn("10.conf", "[crio]\nroot = \"/b\"\n[crio.network]\nplugin_dirs = [\"/p3\"]");
    dropIn("30.txt", "[crio]\nroot = \"/d\"");

    var config = load(Map.of(Option.CNI_DEFAULT_NETWORK, List.of("m")));

    assertThat(config.requiredPath(Option.ROOT)).hasToString("/c");
    assertThat(config.requiredPath(Option.LISTEN)).hasToString("/r/criollo.sock");
    assertThat(config.texts(Option.PLUGIN_DIRS)).containsExactly("/p3");
    assertThat(config.text(Option.CNI_DEFAULT_NETWORK)).hasValue("m");
    assertThat(config.files())
        .extracting(path -> path.getFileName().toString())
        .containsExactly("criollo.conf", "10.conf", "20.conf");
  }

  @Test
  void aSwitchIsTrueOrFalse() throws Exception {
    conf("");
    assertThat(load().isOn(Option.STREAM_ENABLE_TLS)).isFalse();
    conf(
        """
        [crio.api]
        stream_enable_tls = true
        stream_tls_cert = "/cert"
        stream_tls_key = "/key"
        """);
    assertThat(load().isOn(Option.STREAM_ENABLE_TLS)).isTrue();
    assertThat(load().toToml()).contains("\nstream_enable_tls = true\n");
    assertThat(load(Map.of(Option.STREAM_ENABLE_TLS, List.of("false"))).toToml())
        .contains("\n# stream_enable_tls = false\n");
    conf("[crio.api]\nstream_enable_tls = \"yes\"");
    assertThat(fault()).contains("crio.api.stream_enable_tls must be true or false, is \"yes\"");
  }

  @Test
  void cipherSuitesAreIgnoredWhereTheyCannotBeChosen() throws Exception {
    conf(
        """
        [crio.api]
        tls_min_version = "VersionTLS13"
        tls_cipher_suites = ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]
        """);
    assertThat(load().warnings())
        .singleElement()
        .asString()
        .contains("crio.api.tls_cipher_suites is ignored");
  }

  @Test
  void theEnvironmentStandsBetweenFilesAndFlags() throws Exception {
    conf("[crio]\nroot = \"/file\"\nrunroot = \"/file-run\"");
    var environment =
        Map.of(
            "CONTAINER_ROOT", "/env",
            "CONTAINER_RUNROOT", "/env-run",
            "CONTAINER_PINNED_IMAGES", "a:1,b:2",
            "STREAM_IDLE_TIMEOUT", "30m",
            "CONTAINER_ENABLE_TLS", "false",
            "CONTAINER_LOG_LEVEL", "");

    var config = load(environment, Map.of(Option.RUNROOT, List.of("/flag-run")));

    assertThat(config.requiredPath(Option.ROOT)).hasToString("/env");
    assertThat(config.requiredPath(Option.RUNROOT)).hasToString("/flag-run");
    assertThat(config.texts(Option.PINNED_IMAGES)).containsExactly("a:1", "b:2");
    assertThat(config.text(Option.STREAM_IDLE_TIMEOUT)).hasValue("30m");
    assertThat(config.text(Option.LOG_LEVEL)).hasValue("info");
  }

  @Test
  void aWrongVariableIsNamed() throws Exception {
    conf("");
    var failure =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                load(Map.of("CONTAINER_ROOT", "relative", "CONTAINER_STREAM_PORT", "x"), Map.of()));
    assertThat(failure).hasMessageContaining("CONTAINER_ROOT must be an absolute path");
  }

  @Test
  void everyVariableHasTheNameThatCriOGivesIt() {
    assertThat(Option.values())
        .extracting(Option::variable)
        .doesNotHaveDuplicates()
        .contains(
            "CONTAINER_CNI_CONFIG_DIR",
            "CONTAINER_CNI_PLUGIN_DIR",
            "CONTAINER_TLS_MIN_VERSION",
            "CONTAINER_TLS_CA",
            "CONTAINER_LOG_SIZE_MAX",
            "CONTAINER_LOG_JOURNALD",
            "CONTAINER_DEFAULT_CAPABILITIES");
  }

  @Test
  void emptyTextUnsetsAnOption() throws Exception {
    conf("[crio.network]\ncni_default_network = \"n\"");
    dropIn("1.conf", "[crio.network]\ncni_default_network = \"\"");
    assertThat(load().text(Option.CNI_DEFAULT_NETWORK)).isEmpty();
  }

  @Test
  void everyFaultIsNamedAtOnceWithFileAndOption() throws Exception {
    conf(
        """
        root = "/bare"
        [crio]
        root = 7
        rootrun = "/x"
        [crio.api]
        stream_address = "node.example"
        stream_port = "65536"
        stream_idle_timeout = "4 hours"
        stream_enable_tls = true
        stream_tls_key = "/key"
        tls_min_version = "VersionTLS11"
        tls_cipher_suites = ["TLS_NONE"]
        [crio.network]
        plugin_dirs = "/p"
        network_dir = "relative"
        [crio.runtime]
        cgroup_manager = "hand"
        cgroups_manager = "cgroupfs"
        log_size_max = 8191
        log_to_journald = "yes"
        default_capabilities = ["CAP_CHOWN", "net_raw", "FLY"]
        [crio.runtime.runtimes.kata]
        runtime_type = "kata"
        runtime_pth = "/x"
        [crio.runtime.runtimes."a/b"]
        [crio.image]
        image_volumes = "copy"
        pull_bytes_per_second = -1
        short_name_mode = "permissive"
        [crio.metrics]
        metrics_port = 65536
        metrics_cert = "/cert"
        metrics_collectors = ["operations", "containers_oom_count_total"]
        [crio.cloud]
        x = 1
        """);
    dropIn("1.conf", "[crio\n");

    assertThat(fault())
        .contains(
            file + ": unknown option root",
            file + ": crio.root must be an absolute path, is 7",
            file + ": unknown option crio.rootrun",
            file + ": crio.network.plugin_dirs must be a list of absolute paths, is \"/p\"",
            file + ": crio.network.network_dir must be an absolute path, is \"relative\"",
            file + ": crio.runtime.cgroup_manager must be systemd or cgroupfs, is hand",
            "unknown option crio.runtime.cgroups_manager (did you mean crio.runtime.cgroup_manager?)",
            file + ": crio.api.stream_address must be an IP address, is node.example",
            file + ": crio.api.stream_port must be a port from 0 to 65535, is 65536",
            file + ": crio.api.stream_idle_timeout must be a time such as 4h or 1h30m, is 4 hours",
            ": crio.api.stream_tls_cert must be set while crio.api.stream_enable_tls is true",
            file + ": crio.api.tls_min_version must be VersionTLS12 or VersionTLS13",
            file + ": crio.api.tls_cipher_suites has no suite that is known as TLS_NONE",
            file
                + ": crio.runtime.default_capabilities must be names of capabilities(7) such as NET_RAW, has FLY",
            file + ": crio.runtime.log_size_max must be negative or at least 8192, is 8191",
            file + ": crio.runtime.log_to_journald must be true or false, is \"yes\"",
            file + ": crio.runtime.runtimes.kata.runtime_type must be \"oci\", is \"kata\"",
            file + ": unknown option crio.runtime.runtimes.kata.runtime_pth",
            file + ": crio.runtime.runtimes.a/b must be a table",
            file + ": crio.image.image_volumes must be mkdir or bind or ignore, is copy",
            file + ": crio.image.short_name_mode must be enforcing or disabled, is permissive",
            file + ": crio.image.pull_bytes_per_second must be 0 or more, is -1",
            file + ": crio.metrics.metrics_port must be a port from 0 to 65535, is 65536",
            ": crio.metrics.metrics_key must be set while crio.metrics.metrics_cert is",
            file
                + ": crio.metrics.metrics_collectors has operations, must be of operations_total, ",
            file + ": unknown option crio.cloud",
            "1.conf: line 1: ");
  }

  @Test
  void optionsOfCriOThatAreNotSupportedYetAreWarnings() throws Exception {
    conf(
        """
        [crio]
        storage_driver = "zfs"
        version_file = ""
        [crio.runtime]
        drop_infra_ctr = true
        pinns_path = "/x"
        [crio.runtime.workloads.m]
        activation_annotation = "a"
        [crio.runtime.runtimes.crun]
        monitor_path = "/x"
        [crio.metrics]
        enable_metrics = true
        metrics_collectors = ["operations_total", "processes_defunct"]
        [crio.nri.default_validator]
        nri_enable_default_validator = true
        """);
    assertThat(load().warnings())
        .containsExactlyInAnyOrder(
            warning("crio.storage_driver"),
            warning("crio.runtime.pinns_path"),
            warning("crio.runtime.workloads"),
            warning("crio.runtime.runtimes.crun.monitor_path"),
            file
                + ": crio.metrics.metrics_collectors has processes_defunct, which only CRI-O counts",
            warning("crio.nri.default_validator"));
  }

  @Test
  void whatTheFolderOfDropInsHasBesidesIsNamed() throws Exception {
    conf("");
    dropIn("10.conf", "");
    dropIn("20.conf.bak", "[crio]\nroot = \"/d\"");
    dropIn("30.toml", "nonsense");
    Files.createDirectory(dir.resolve("criollo.conf.d/more"));

    assertThat(load().warnings())
        .containsExactly(
            dir + "/criollo.conf.d/20.conf.bak: is not read: names of drop-in files end in .conf",
            dir + "/criollo.conf.d/30.toml: is not read: names of drop-in files end in .conf",
            dir + "/criollo.conf.d/more: is not read: names of drop-in files end in .conf");
  }

  @Test
  void aFileThatIsMissingIsToldWithWhatHoldsInstead() throws Exception {
    conf(
        """
        [crio.runtime]
        default_mounts_file = "%1$s/mounts"
        [crio.image]
        global_auth_file = "%1$s/auth.json"
        """
            .formatted(dir));

    assertThat(load().warnings())
        .containsExactly(
            file
                + ": crio.runtime.default_mounts_file is "
                + dir.resolve("mounts")
                + ", which does not exist now: containers have no default mounts until it does",
            file
                + ": crio.image.global_auth_file is "
                + dir.resolve("auth.json")
                + ", which does not exist now: until it does, pulls that bring no credentials have"
                + " those of namespaced_auth_dir alone");

    Files.writeString(dir.resolve("mounts"), "");
    Files.writeString(dir.resolve("auth.json"), "{}");
    assertThat(load().warnings()).isEmpty();
  }

  @Test
  void optionsOfCriOForMappingsAndMountsSayWhatHoldsInstead() throws Exception {
    conf(
        """
        [crio.runtime]
        minimum_mappable_uid = 1000
        minimum_mappable_gid = -1
        default_mounts = ["/a:/b"]
        """);
    assertThat(load().warnings())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith(file + ": crio.runtime.minimum_mappable_uid has no effect: ")
                    .contains("the kubelet's choice"),
            second ->
                assertThat(second)
                    .startsWith(file + ": crio.runtime.default_mounts has no effect: ")
                    .contains("default_mounts_file"));
  }

  @Test
  void noOptionIsBothHonouredAndNot() {
    for (var option : Option.values()) {
      assertThat(ForeignOptions.contains(option.table(), option.shortName()))
          .as(option.key())
          .isFalse();
      assertThat(ForeignOptions.isTable(option.table())).as(option.table()).isTrue();
      assertThat(option.kind().parse(option.defaultText().orElse(""))).isEqualTo(option.fallback());
    }
    assertThat(ForeignOptions.OF_RUNTIME).noneMatch(RuntimeTables::has);
  }

  @Test
  void missingFileThatWasNamedIsAFault() {
    assertThat(fault()).isEqualTo(file + ": no such file");
  }

  @Test
  void runtimeIsFoundByItsNameOrItsPath() throws Exception {
    program("runc");
    program("special");
    conf(
        """
        [crio.runtime]
        default_runtime = "slow"
        [crio.runtime.runtimes.slow]
        runtime_path = "%s"
        runtime_root = "/run/slow"
        runtime_type = "oci"
        container_min_memory = "1.5 MiB"
        container_create_timeout = 600
        [crio.runtime.runtimes.gone]
        runtime_path = "/no/where"
        """
            .formatted(programs.resolve("special")));

    var config = load();

    assertThat(config.runtimes()).containsOnlyKeys("crun", "runc", "slow");
    assertThat(config.runtimes().get("slow"))
        .isEqualTo(
            new RuntimeEntry(
                "slow",
                programs.resolve("special"),
                Path.of("/run/slow"),
                new Containers(
                    3 << 19,
                    true,
                    Optional.empty(),
                    AnnotationRules.NONE,
                    Duration.ofMinutes(10),
                    false),
                true));
    assertThat(config.text(Option.DEFAULT_RUNTIME)).hasValue("slow");
    assertThat(config.warnings())
        .containsExactly(file + ": runtime gone is left out: no executable /no/where");
  }

  @Test
  void aRuntimeHasWhatItsTableSaysAndMayInheritTheRest() throws Exception {
    conf(
        """
        [crio.runtime]
        default_runtime = "crun"
        [crio.runtime.runtimes.crun]
        runtime_root = "/run/c"
        [crio.runtime.runtimes.strict]
        inherit_default_runtime = true
        privileged_without_host_devices = true
        seccomp_profile = "/etc/strict.json"
        container_create_timeout = 29
        allowed_annotations = ["shm-size.crio.io", "link-logs.crio.io"]
        exec_cpu_affinity = "first"
        default_annotations = {"run.oci.keep_original_groups" = "1"}
        [crio.runtime.runtimes.kata]
        runtime_path = "%s"
        runtime_type = "vm"
        """
            .formatted(programs.resolve("crun")));

    var config = load();

    assertThat(config.runtimes()).containsOnlyKeys("crun", "strict");
    assertThat(config.runtimes())
        .hasEntrySatisfying(
            "crun",
            crun -> assertThat(crun.containers().annotations()).isEqualTo(AnnotationRules.NONE));
    assertThat(config.runtimes().get("strict"))
        .isEqualTo(
            new RuntimeEntry(
                "strict",
                programs.resolve("crun"),
                Path.of("/run/c"),
                new Containers(
                    12 << 20,
                    false,
                    Optional.of(Path.of("/etc/strict.json")),
                    new AnnotationRules(
                        Map.of("run.oci.keep_original_groups", "1"),
                        Set.of("shm-size.crio.io", "link-logs.crio.io")),
                    Duration.ofSeconds(30),
                    true),
                true));
    assertThat(config.warnings())
        .containsExactly(
            file + ": runtime kata is left out: runtime_type vm is not supported",
            file
                + ": crio.runtime.runtimes.strict.allowed_annotations has link-logs.crio.io, which has"
                + " no effect",
            file + ": crio.runtime.runtimes.strict.container_create_timeout is 29, taken as 30");
    var printed = config.toToml();
    conf(printed);
    assertThat(load().runtimes()).isEqualTo(config.runtimes());
  }

  @Test
  void valuesAreCheckedBeforeTheyAreUsed() throws Exception {
    conf(
        """
        [crio.runtime]
        timezone = "../../etc/passwd"
        additional_devices = ["/dev/null:/dev/x:rw", "/dev/null:rwx", "sdc"]
        infra_ctr_cpuset = "2-1"
        min_injected_gomaxprocs = -1
        log_filter = "("
        bind_mount_prefix = "/no/such/folder"
        allowed_devices = ["fuse"]
        [crio.runtime.runtimes.crun]
        allowed_annotations = ["umask.crio.io", "colour.crio.io"]
        exec_cpu_affinity = "last"
        [crio.image]
        pull_progress_timeout = "soon"
        [crio.network]
        cni_status_grace_period = "a while"
        [crio.api]
        grpc_max_recv_msg_size = 2147483648
        [crio.stats]
        included_pod_metrics = ["cpu", "gpu"]
        """);
    assertThat(fault())
        .contains(
            "crio.runtime.timezone must be Local or a zone in /usr/share/zoneinfo, is ../../etc/passwd",
            "crio.runtime.additional_devices must be such as /dev/sdc:/dev/xvdc:rwm, has /dev/null:rwx",
            "crio.runtime.additional_devices must be such as /dev/sdc:/dev/xvdc:rwm, has sdc",
            "crio.image.pull_progress_timeout must be a time such as 30s or 5m, is soon",
            "crio.network.cni_status_grace_period must be a time such as 30s or 5m, is a while",
            "crio.api.grpc_max_recv_msg_size must be less than 2 GiB, is 2147483648",
            "crio.runtime.infra_ctr_cpuset must be CPUs such as 0-2,7, is 2-1",
            "crio.runtime.min_injected_gomaxprocs must be 0 or more, is -1",
            "crio.runtime.log_filter must be a regular expression, is (: missing closing )",
            "crio.runtime.bind_mount_prefix must be a folder, is /no/such/folder",
            "crio.runtime.allowed_devices must be ",
            "crio.runtime.runtimes.crun.allowed_annotations must be annotations such as"
                + " shm-size.crio.io, has colour.crio.io",
            "crio.runtime.runtimes.crun.exec_cpu_affinity must be \"first\" or empty, is \"last\"",
            "crio.stats.included_pod_metrics must be of all, cpu, disk, ");
  }

  @Test
  void runcIsTheDefaultWhereCrunIsMissing() throws Exception {
    Files.delete(programs.resolve("crun"));
    program("runc");
    conf("");
    assertThat(load().text(Option.DEFAULT_RUNTIME)).hasValue("runc");
    conf("[crio.runtime]\ndefault_runtime = \"crun\"");
    assertThat(fault())
        .isEqualTo(file + ": crio.runtime.default_runtime is crun, but installed are only [runc]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "runroot"})
  void neededOptionCannotBeUnset(String name) throws Exception {
    conf("[crio]\n" + name + " = \"\"");
    assertThat(fault()).isEqualTo(file + ": crio." + name + " must be set");
  }

  @Test
  void printedConfigurationReadsBackAsItself() throws Exception {
    conf(
        """
        [crio.runtime]
        log_level = "trace"
        default_capabilities = ["CHOWN", "KILL", "SETUID", "SETGID", "FOWNER"]
        [crio.runtime.runtimes."my.own"]
        runtime_path = "%s"
        [crio.image]
        pinned_images = ["a\\"b\\\\", "ü*"]
        """
            .formatted(programs.resolve("crun")));
    var config = load();
    var text = config.toToml();

    conf(text);
    var again = load();

    assertThat(again.runtimes()).isEqualTo(config.runtimes());
    assertThat(again.logLevel()).isEqualTo(LogLevel.DEBUG);
    for (var option : Option.values()) {
      assertThat(again.texts(option)).as(option.key()).isEqualTo(config.texts(option));
      assertThat(text).contains(option.help().lines().findFirst().orElseThrow());
    }
    assertThat(text)
        .contains(
            "\n# root = \"/var/lib/criollo\"\n",
            "\nlog_level = \"trace\"\n",
            "\n# listen = \"/run/criollo/criollo.sock\"\n",
            "\n# [crio.runtime.runtimes.crun]\n# runtime_path = ",
            "# Read: " + file);
  }

  @Test
  void mutilatedFileIsAFaultOrAConfiguration() throws Exception {
    conf(
        "[crio]\nroot = \"/a\"\n[crio.runtime.runtimes.crun]\nruntime_root = \"/b\"\n[crio.network]\nplugin_dirs = [\"/p\"]\n");
    var text = Files.readString(file);
    var random = new Random(20261121);
    for (int round = 0; round < 3_000; round++) {
      var mutilated = new StringBuilder(text);
      for (int n = random.nextInt(1, 5); n > 0; n--) {
        mutilated.setCharAt(random.nextInt(text.length()), (char) random.nextInt(1, 300));
      }
      conf(mutilated.toString());
      try {
        assertThat(load().requiredPath(Option.ROOT)).isAbsolute();
      } catch (ConfigException e) {
        assertThat(e).hasMessageContaining(file.toString());
      }
    }
  }

  @Test
  void hugeFileIsRefused() throws Exception {
    conf("#".repeat(2_000_000));
    assertThatThrownBy(this::load).hasMessageContaining("larger than");
  }

  private String warning(String key) {
    return file + ": " + key + ForeignAdvice.of(key);
  }

  @Test
  void aWarningSaysWhatToDoInstead() throws Exception {
    conf(
        """
        [crio.runtime]
        ctr_stop_timeout = 45
        workloads = {m = {}}
        [crio.image]
        insecure_registries = ["r.example"]
        """);
    assertThat(load().warnings())
        .containsExactly(
            file
                + ": crio.runtime.ctr_stop_timeout has no effect: it has none in CRI-O either: the"
                + " pod says how long a stop waits (terminationGracePeriodSeconds)",
            file + ": crio.runtime.workloads is not supported yet and has no effect",
            file
                + ": crio.image.insecure_registries has no effect: it has none in CRI-O either: set"
                + " insecure = true for the registry in registries.conf");
  }

  @Test
  void variablesOfCriOThatHaveNoEffectAreWarnings() throws Exception {
    conf("");
    var environment =
        Map.of(
            "CONTAINER_CONMON", "/usr/bin/conmon",
            "CONTAINER_STORAGE_DRIVER", "overlay",
            "CONTAINER_PINNS_PATH", "",
            "CONTAINER_RUNTIMES", "a:/b:/c",
            "CONTAINER_STOP_TIMEOUT", "60",
            "ENABLE_POD_EVENTS", "false");
    assertThat(
            ConfigLoader.load(ConfigSources.of(file), environment, Map.of(), List.of(programs))
                .warnings())
        .satisfiesExactlyInAnyOrder(
            text -> assertThat(text).startsWith("environment: CONTAINER_CONMON has no effect: one"),
            text -> assertThat(text).startsWith("environment: CONTAINER_RUNTIMES has no effect: "),
            text -> assertThat(text).startsWith("environment: CONTAINER_STOP_TIMEOUT has no effe"),
            text -> assertThat(text).startsWith("environment: ENABLE_POD_EVENTS has no effect: "));
  }

  @Test
  void theOldFolderOfPluginsIsOneMore() throws Exception {
    conf(
        """
        [crio.network]
        plugin_dir = "/old"
        plugin_dirs = ["/a", "/b"]
        """);
    assertThat(load().texts(Option.PLUGIN_DIRS)).containsExactly("/a", "/b", "/old");
    assertThat(load().warnings())
        .containsExactly(file + ": crio.network.plugin_dir is deprecated: add it to plugin_dirs");
    conf("[crio.network]\nplugin_dir = \"old\"\n");
    assertThat(fault()).contains("crio.network.plugin_dir must be an absolute path");
  }

  private String fault() {
    return String.valueOf(catchThrowableOfType(ConfigException.class, this::load).getMessage());
  }

  private Configuration load() throws ConfigException {
    return load(Map.of());
  }

  private Configuration load(Map<Option, List<String>> flags) throws ConfigException {
    return load(Map.of(), flags);
  }

  private Configuration load(Map<String, String> environment, Map<Option, List<String>> flags)
      throws ConfigException {
    return ConfigLoader.load(ConfigSources.of(file), environment, flags, List.of(programs));
  }

  private void conf(String text) throws IOException {
    Files.writeString(file, text);
  }

  private void dropIn(String name, String text) throws IOException {
    Files.writeString(Files.createDirectories(dir.resolve("criollo.conf.d")).resolve(name), text);
  }

  private void program(String name) throws IOException {
    var path = Files.writeString(programs.resolve(name), "");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
