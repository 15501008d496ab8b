// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.Device;
import io.criollo.runtime.hooks.HookFolders;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the configuration says of all containers, and of those of one handler.
///
/// @param hooks programs that run at stages of containers' lives
public record ContainerDefaults(
    Security security,
    Processes processes,
    Files files,
    Devices devices,
    AnnotationRules annotations,
    HookFolders hooks) {
  /// What holds where the configuration says nothing.
  public static final ContainerDefaults USUAL =
      new ContainerDefaults(
          Security.USUAL,
          Processes.USUAL,
          Files.USUAL,
          Devices.USUAL,
          AnnotationRules.NONE,
          HookFolders.NONE);

  /// What processes may do.
  ///
  /// @param capabilities names with or without "CAP_", of containers whose pod names none
  /// @param inheritable whether programs of users other than root can gain them
  /// @param appArmorProfile of containers that name none; empty: they are not confined
  /// @param selinux whether SELinux is used where the node has it
  /// @param selinuxOnHostNetwork whether it confines pods on the node's network
  /// @param seccomp the profile of "runtime default"; empty: the built-in one
  /// @param privilegedSeccomp the profile of privileged containers; empty: they have none
  public record Security(
      List<String> capabilities,
      boolean inheritable,
      Optional<String> appArmorProfile,
      boolean selinux,
      boolean selinuxOnHostNetwork,
      Optional<DefaultSeccomp> seccomp,
      Optional<DefaultSeccomp> privilegedSeccomp) {
    static final Security USUAL =
        new Security(
            NodeFacts.DEFAULT_CAPABILITIES,
            false,
            Optional.empty(),
            true,
            false,
            Optional.empty(),
            Optional.empty());

    public Security {
      capabilities = List.copyOf(capabilities);
    }
  }

  /// What processes find and may take.
  ///
  /// @param rlimits one for each kind at most
  /// @param env `NAME=VALUE`, for containers whose image and request have no such name
  /// @param mostPids processes and threads of a container; 0 or less: no limit
  /// @param leastGomaxprocs what GOMAXPROCS is set to at least; 0: it is not set
  /// @param initCpus where the inits of pods run; empty: on all
  /// @param execOnFirst whether programs that exec adds start on the first of a container's CPUs
  public record Processes(
      List<Rlimit> rlimits,
      List<String> env,
      long mostPids,
      long leastGomaxprocs,
      Optional<CpuList> initCpus,
      boolean execOnFirst) {
    static final Processes USUAL = of(List.of(), List.of(), 0);

    static Processes of(List<Rlimit> rlimits, List<String> env, long mostPids) {
      return new Processes(rlimits, env, mostPids, 0, Optional.empty(), false);
    }

    Processes execOnFirst(boolean first) {
      return new Processes(rlimits, env, mostPids, leastGomaxprocs, initCpus, first);
    }

    public Processes {
      rlimits = List.copyOf(rlimits);
      env = List.copyOf(env);
    }
  }

  /// What is in the tree of files.
  ///
  /// @param imageVolumes what becomes of the VOLUME paths of images
  /// @param readOnly whether every container has a read-only root, with `/run`, `/tmp` and
  ///   `/var/tmp` to write to
  /// @param neededSources paths of the host that are not made when a mount names them
  /// @param timeZone file of the host that is `/etc/localtime` of containers; empty: the image's
  /// @param mountFiles the first of these that exists lists what every container gets a copy of
  /// @param sourcePrefix folder under which the daemon finds sources of mounts; empty: the root
  public record Files(
      VolumeMode imageVolumes,
      boolean readOnly,
      List<Path> neededSources,
      Optional<Path> timeZone,
      List<Path> mountFiles,
      Optional<Path> sourcePrefix) {
    static final Files USUAL = of(VolumeMode.MKDIR, false, List.of(), Optional.empty());

    public Files {
      neededSources = List.copyOf(neededSources);
      mountFiles = List.copyOf(mountFiles);
    }

    static Files of(
        VolumeMode imageVolumes,
        boolean readOnly,
        List<Path> neededSources,
        Optional<Path> timeZone) {
      return new Files(
          imageVolumes, readOnly, neededSources, timeZone, List.of(), Optional.empty());
    }
  }

  /// Devices of the node.
  ///
  /// @param cdiSpecDirs folders that describe devices; a later one goes before an earlier one
  /// @param everyones devices of every container
  /// @param annotated paths of the host that annotations of pods may name
  /// @param ownedByUser whether devices that a request names belong to its user, not to the host's
  /// @param allWhenPrivileged whether a privileged container has all devices of the host
  public record Devices(
      List<Path> cdiSpecDirs,
      List<Device> everyones,
      Set<String> annotated,
      boolean ownedByUser,
      boolean allWhenPrivileged) {
    static final Devices USUAL = of(List.of(), List.of(), false, true);

    public Devices {
      cdiSpecDirs = List.copyOf(cdiSpecDirs);
      everyones = List.copyOf(everyones);
      annotated = Set.copyOf(annotated);
    }

    static Devices of(
        List<Path> cdiSpecDirs, List<Device> everyones, boolean owned, boolean allWhenPrivileged) {
      return new Devices(cdiSpecDirs, everyones, Set.of(), owned, allWhenPrivileged);
    }

    Devices allWhenPrivileged(boolean all) {
      return new Devices(cdiSpecDirs, everyones, annotated, ownedByUser, all);
    }
  }

  ContainerDefaults with(Security other) {
    return new ContainerDefaults(other, processes, files, devices, annotations, hooks);
  }

  ContainerDefaults with(Processes other) {
    return new ContainerDefaults(security, other, files, devices, annotations, hooks);
  }

  ContainerDefaults with(Files other) {
    return new ContainerDefaults(security, processes, other, devices, annotations, hooks);
  }

  ContainerDefaults with(Devices other) {
    return new ContainerDefaults(security, processes, files, other, annotations, hooks);
  }

  ContainerDefaults with(HookFolders other) {
    return new ContainerDefaults(security, processes, files, devices, annotations, other);
  }

  /// {@return what holds for the containers of one handler}
  ContainerDefaults with(HandlerDefaults handler) {
    var changed =
        new Security(
            security.capabilities,
            security.inheritable,
            security.appArmorProfile,
            security.selinux,
            security.selinuxOnHostNetwork,
            handler.seccomp().or(security::seccomp),
            security.privilegedSeccomp);
    return new ContainerDefaults(
        changed,
        processes.execOnFirst(handler.execOnFirstCpu()),
        files,
        devices.allWhenPrivileged(handler.devicesWhenPrivileged()),
        handler.annotations(),
        hooks);
  }
}
