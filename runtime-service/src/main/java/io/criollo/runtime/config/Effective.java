// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.criollo.conmon.protocol.LogPolicy;
import io.criollo.linux.cgroup.SystemdCgroups;
import io.criollo.runtime.spec.CapabilityNames;
import io.criollo.runtime.spec.CpuList;
import io.criollo.runtime.spec.DeviceText;
import io.criollo.runtime.spec.Rlimit;
import io.criollo.runtime.spec.VolumeMode;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.stats.metrics.MetricGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// From what was given to what holds: values that cannot be, and defaults that follow from others.
record Effective(Map<Option, Given> given, Findings findings) {
  private static final List<Option> NEEDED =
      List.of(
          Option.ROOT,
          Option.RUNROOT,
          Option.REGISTRIES_CONF,
          Option.NETWORK_DIR,
          Option.PLUGIN_DIRS,
          Option.LOG_DIR);

  /// {@return the folder of volatile state, after all checks that need no look at the node}
  Path checked() throws ConfigException {
    NEEDED.stream().filter(option -> value(option).isEmpty()).forEach(o -> fault(o, "must be set"));
    var level = value(Option.LOG_LEVEL);
    if (!level.isEmpty() && LogLevel.of(level.getFirst()).isEmpty()) {
      fault(Option.LOG_LEVEL, "must be error, warn, info or debug, is " + level.getFirst());
    }
    checkCgroupManager();
    checkLogSize();
    value(Option.SHORT_NAME_MODE).stream()
        .filter(mode -> !mode.equals("enforcing") && !mode.equals("disabled"))
        .forEach(
            mode -> fault(Option.SHORT_NAME_MODE, "must be enforcing or disabled, is " + mode));
    value(Option.PULL_BYTES_PER_SECOND).stream()
        .filter(rate -> Long.parseLong(rate) < 0)
        .forEach(rate -> fault(Option.PULL_BYTES_PER_SECOND, "must be 0 or more, is " + rate));
    value(Option.DEFAULT_CAPABILITIES).stream()
        .filter(name -> !CapabilityNames.isName(name))
        .forEach(name ->
            fault(
                Option.DEFAULT_CAPABILITIES,
                "must be names of capabilities(7) such as NET_RAW, has " + name));
    checkTexts(Option.GRPC_MAX_SEND_MSG_SIZE, Effective::messageSize);
    checkTexts(Option.GRPC_MAX_RECV_MSG_SIZE, Effective::messageSize);
    checkTexts(Option.DEFAULT_ULIMITS, Rlimit::parse);
    checkTexts(Option.DEFAULT_SYSCTLS, SysctlText::parse);
    checkTexts(Option.DEFAULT_ENV, Effective::variable);
    checkTexts(Option.TIMEZONE, TimeZoneFile::of);
    checkTexts(Option.ADDITIONAL_DEVICES, DeviceText::parse);
    checkTexts(Option.INCLUDED_POD_METRICS, MetricGroup::parse);
    checkTexts(Option.PULL_PROGRESS_TIMEOUT, Effective::duration);
    checkTexts(Option.CNI_STATUS_GRACE_PERIOD, Effective::duration);
    checkTexts(Option.LOG_FILTER, Effective::expression);
    checkTexts(Option.INFRA_CTR_CPUSET, Effective::cpus);
    checkTexts(Option.MIN_INJECTED_GOMAXPROCS, Effective::processors);
    checkTexts(Option.IMAGE_VOLUMES, VolumeMode::parse);
    checkTexts(Option.STORAGE_OPTION, LayerLimit::parse);
    new StreamingOptions(this).check();
    new MetricsOptions(this).check();
    value(Option.BIND_MOUNT_PREFIX).stream()
        .filter(folder -> !Files.isDirectory(Path.of(folder)))
        .forEach(folder -> fault(Option.BIND_MOUNT_PREFIX, "must be a folder, is " + folder));
    findings.throwFaults();
    value(Option.STORAGE_OPTION).stream()
        .filter(text -> LayerLimit.parse(text).isEmpty())
        .forEach(text -> warning(Option.STORAGE_OPTION, "has " + text + ", which is ignored"));
    warnOfMissing(Option.DEFAULT_MOUNTS_FILE, "containers have no default mounts until it does");
    warnOfMissing(
        Option.GLOBAL_AUTH_FILE,
        "until it does, pulls that bring no credentials have those of namespaced_auth_dir alone");
    return Path.of(value(Option.RUNROOT).getFirst());
  }

  /// {@return options that nobody set although they have no fixed default}
  Set<Option> derived() {
    return Stream.of(Option.LISTEN, Option.DEFAULT_RUNTIME, Option.CGROUP_MANAGER)
        .filter(option -> value(option).isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// @param installed names of the OCI runtimes
  Map<Option, List<String>> values(Path runroot, Set<String> installed) {
    var values = new EnumMap<Option, List<String>>(Option.class);
    given.forEach((option, each) -> values.put(option, each.value()));
    if (value(Option.LISTEN).isEmpty()) {
      values.put(Option.LISTEN, List.of(runroot.resolve("criollo.sock").toString()));
    }
    values.put(Option.DEFAULT_RUNTIME, defaultRuntime(installed));
    if (value(Option.CGROUP_MANAGER).isEmpty()) {
      values.put(
          Option.CGROUP_MANAGER, List.of(SystemdCgroups.possible() ? "systemd" : "cgroupfs"));
    }
    return values;
  }

  private List<String> defaultRuntime(Set<String> installed) {
    var wanted = value(Option.DEFAULT_RUNTIME);
    if (!wanted.isEmpty()) {
      if (!installed.contains(wanted.getFirst())) {
        fault(
            Option.DEFAULT_RUNTIME,
            "is " + wanted.getFirst() + ", but installed are only " + installed);
      }
      return wanted;
    }
    for (var usual : List.of("crun", "runc")) {
      if (installed.contains(usual)) {
        return List.of(usual);
      }
    }
    return installed.stream().limit(1).toList();
  }

  private void checkCgroupManager() {
    var wanted = value(Option.CGROUP_MANAGER).stream().findFirst().orElse("");
    switch (wanted) {
      case "", "cgroupfs" -> {}
      case "systemd" -> {
        if (!SystemdCgroups.possible()) {
          fault(
              Option.CGROUP_MANAGER,
              "is systemd, which is not the init here: use cgroupfs, here and as the kubelet's"
                  + " cgroupDriver");
        }
      }
      default -> fault(Option.CGROUP_MANAGER, "must be systemd or cgroupfs, is " + wanted);
    }
  }

  /// @param parser throws IllegalArgumentException for what cannot be
  private void checkTexts(Option option, Function<String, ?> parser) {
    for (var text : value(option)) {
      try {
        var _ = parser.apply(text);
      } catch (IllegalArgumentException e) {
        fault(option, String.valueOf(e.getMessage()));
      }
    }
  }

  private static Duration duration(String text) {
    return GoDuration.parse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("must be a time such as 30s or 5m, is " + text));
  }

  private static String expression(String text) {
    try {
      return Pattern.compile(text).pattern();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "must be a regular expression, is " + text + ": " + e.getDescription(), e);
    }
  }

  private static CpuList cpus(String text) {
    try {
      return CpuList.parse("it", text);
    } catch (Refusal e) {
      throw new IllegalArgumentException("must be CPUs such as 0-2,7, is " + text, e);
    }
  }

  private static long processors(String text) {
    long number = Long.parseLong(text);
    if (number < 0 || number > 1 << 20) {
      throw new IllegalArgumentException("must be 0 or more, is " + text);
    }
    return number;
  }

  private static int messageSize(String text) {
    long size = Long.parseLong(text);
    if (size != (int) size) {
      throw new IllegalArgumentException("must be less than 2 GiB, is " + text);
    }
    return (int) size;
  }

  private static String variable(String text) {
    if (text.indexOf('=') < 1) {
      throw new IllegalArgumentException("must be NAME=VALUE, has " + text);
    }
    return text;
  }

  private void checkLogSize() {
    for (var size : value(Option.LOG_SIZE_MAX)) {
      long bytes = Long.parseLong(size);
      if (bytes >= 0 && bytes < LogPolicy.LEAST) {
        fault(
            Option.LOG_SIZE_MAX,
            "must be negative or at least " + LogPolicy.LEAST + ", is " + size);
      }
    }
  }

  /// @param instead what holds without the file
  private void warnOfMissing(Option option, String instead) {
    value(option).stream()
        .filter(file -> !Files.exists(Path.of(file)))
        .forEach(file -> warning(option, "is " + file + ", which does not exist now: " + instead));
  }

  List<String> value(Option option) {
    var own = given.get(option);
    return own == null ? option.fallback() : own.value();
  }

  void fault(Option option, String text) {
    findings.fault(origin(option), option.key() + " " + text);
  }

  void warning(Option option, String text) {
    findings.warning(origin(option), option.key() + " " + text);
  }

  private String origin(Option option) {
    var own = given.get(option);
    return own == null ? "default" : own.origin();
  }
}
