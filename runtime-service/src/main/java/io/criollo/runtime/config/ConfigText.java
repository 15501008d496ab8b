// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import io.criollo.runtime.spec.AnnotationRules;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Prints a configuration as a file that could be read again.
record ConfigText(Configuration configuration) {
  private static final String HEAD =
      """
      # Criollo's effective configuration, with the tables and options of crio.conf(5).
      # What is commented out is at its default or follows from other options. The daemon reads
      # /etc/criollo/criollo.conf and then /etc/criollo/criollo.conf.d/*.conf in lexical order;
      # environment variables (CONTAINER_...) override both, flags override all.
      """;

  private static final String RUNTIMES =
      """

      # OCI runtimes by the name that pods choose them with (RuntimeClass handler). crun and runc
      # are found by themselves where programs are installed.
      #   runtime_path  the executable; not set: the table's name among the installed programs
      #   runtime_root  the runtime's folder of state; not set: runtime/NAME in runroot
      #   container_min_memory  least memory limit of its containers; not set: 500 KiB for crun, else 12 MiB
      #   container_create_timeout  seconds that a create may take, 30 at least; not set: 240
      #   inherit_default_runtime  whether it has path and root of default_runtime
      #   privileged_without_host_devices  whether privileged containers have no devices of the node
      #   seccomp_profile  file of the profile in place of crio.runtime.seccomp_profile
      #   default_annotations  table of annotations that its containers' specifications have
      #   allowed_annotations  annotations by which pods may ask for more, each with or without what
      #     follows it: shm-size.crio.io, devices.crio.io (of allowed_devices), umask.crio.io,
      #     unified-cgroup.crio.io (/CONTAINER), cgroup2-mount-hierarchy-rw.crio.io,
      #     io.containers.trace-syscall (/CONTAINER), their older names io.kubernetes.cri-o.*, and
      #     run.oci. and the like for the runtime itself; [] when the table does not have it
      #   exec_cpu_affinity  "first": programs that exec adds start on the first CPU of a container's
      #     cpuset, where the runtime knows execCPUAffinity of OCI 1.2.1, as crun 1.21 and runc 1.3
      #     do; others ignore it
      """;

  @Override
  public String toString() {
    var text = new StringBuilder(HEAD);
    if (!configuration.files().isEmpty()) {
      text.append("# Read:");
      configuration.files().forEach(file -> text.append(' ').append(file));
      text.append('\n');
    }
    var table = "";
    for (var option : Option.values()) {
      if (!option.table().equals(table)) {
        runtimesAfter(table, text);
        table = option.table();
        text.append("\n[").append(table).append("]\n");
      }
      text.append('\n');
      option.help().lines().forEach(line -> text.append("# ").append(line).append('\n'));
      text.append(line(option)).append('\n');
    }
    return text.toString();
  }

  private void runtimesAfter(String table, StringBuilder text) {
    if (!table.equals("crio.runtime")) {
      return;
    }
    text.append(RUNTIMES);
    new TreeMap<>(configuration.runtimes())
        .values()
        .forEach(runtime -> text.append('\n').append(table(runtime)));
  }

  private static String table(RuntimeEntry runtime) {
    var name = runtime.name().indexOf('.') < 0 ? runtime.name() : Toml.quoted(runtime.name());
    var lines =
        """
        [crio.runtime.runtimes.%s]
        runtime_path = %s
        runtime_root = %s
        container_min_memory = %s
        container_create_timeout = %d
        allowed_annotations = %s
        """
            .formatted(
                name,
                Toml.quoted(runtime.path().toString()),
                Toml.quoted(runtime.root().toString()),
                Toml.quoted(ByteSize.text(runtime.containers().minimumMemory())),
                runtime.containers().createLimit().toSeconds(),
                allowed(runtime.containers().annotations()));
    return runtime.configured() ? lines + own(runtime.containers()) : commentedOut(lines);
  }

  private static String allowed(AnnotationRules annotations) {
    return annotations.allowed().stream()
        .sorted()
        .map(Toml::quoted)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String own(RuntimeEntry.Containers containers) {
    var text = new StringBuilder();
    if (!containers.devicesWhenPrivileged()) {
      text.append("privileged_without_host_devices = true\n");
    }
    containers
        .seccompProfile()
        .ifPresent(
            file -> text.append("seccomp_profile = %s%n".formatted(Toml.quoted(file.toString()))));
    if (containers.execOnFirstCpu()) {
      text.append("exec_cpu_affinity = \"first\"\n");
    }
    if (!containers.annotations().defaults().isEmpty()) {
      text.append(
          new TreeMap<>(containers.annotations().defaults())
              .entrySet().stream()
                  .map(each -> Toml.quoted(each.getKey()) + " = " + Toml.quoted(each.getValue()))
                  .collect(Collectors.joining(", ", "default_annotations = {", "}\n")));
    }
    return text.toString();
  }

  private String line(Option option) {
    var value = configuration.texts(option);
    var line = option.shortName() + " = " + option.kind().toml(value);
    boolean chosen = !configuration.derived().contains(option) && !value.equals(option.fallback());
    return chosen ? line : commentedOut(line);
  }

  private static String commentedOut(String lines) {
    return lines.replaceAll("(?m)^(?=.)", "# ");
  }
}
