// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.criollo.runtime.spec.OciLinux.IdMapping;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The `config.json` of a bundle (OCI runtime specification 1.0.2, config.md).
public record OciSpec(
    String ociVersion,
    OciProcess process,
    Root root,
    List<Mount> mounts,
    Map<String, String> annotations,
    Map<String, List<Hook>> hooks,
    OciLinux linux) {
  public static final String VERSION = "1.0.2";

  public OciSpec {
    mounts = OciJson.present(mounts);
    annotations = OciJson.present(annotations);
    hooks = hooks == null ? Map.of() : Map.copyOf(hooks);
  }

  /// A program that the runtime runs at a stage of the container's life.
  ///
  /// @param timeout seconds
  public record Hook(String path, List<String> args, List<String> env, @Nullable Integer timeout) {
    public Hook {
      args = OciJson.present(args);
      env = OciJson.present(env);
    }
  }

  /// {@return the same with these annotations over its own}
  public OciSpec annotated(Map<String, String> more) {
    var all = new TreeMap<>(annotations);
    all.putAll(more);
    return new OciSpec(ociVersion, process, root, mounts, all, hooks, linux);
  }

  /// {@return the same in the PID namespace of its surroundings}
  public OciSpec withoutPidNamespace() {
    return new OciSpec(ociVersion, process, root, mounts, annotations, hooks, linux.without("pid"));
  }

  public record Root(String path, boolean readonly) {}

  /// Something mounted in the container.
  ///
  /// @param destination absolute path inside the container
  /// @param type kind of file system; "bind" for a part of the host's tree
  /// @param uidMappings how owners of files appear, with gidMappings; empty: as they are
  public record Mount(
      String destination,
      String type,
      String source,
      List<String> options,
      List<IdMapping> uidMappings,
      List<IdMapping> gidMappings) {
    public Mount {
      options = OciJson.present(options);
      uidMappings = OciJson.present(uidMappings);
      gidMappings = OciJson.present(gidMappings);
    }

    Mount(String destination, String type, String source, List<String> options) {
      this(destination, type, source, options, List.of(), List.of());
    }
  }

  public byte[] toJson() {
    return OciJson.write(this);
  }

  /// {@return a document with these limits, its devices as they were, and files of the cgroup that
  /// only the pod's annotations name}
  public static byte[] limited(byte[] json, OciResources limits) throws IOException {
    var document = OciJson.MAPPER.readTree(json);
    if (!(document.path("linux") instanceof ObjectNode linux)) {
      throw new IOException("no object linux in a config.json");
    }
    var resources = OciJson.MAPPER.<ObjectNode>valueToTree(limits);
    var devices = linux.path("resources").path("devices");
    if (devices.isArray()) {
      resources.set("devices", devices);
    }
    linux
        .path("resources")
        .path("unified")
        .properties()
        .forEach(
            file -> resources.withObject("/unified").putIfAbsent(file.getKey(), file.getValue()));
    linux.set("resources", resources);
    var cpu = limits.cpu();
    if (cpu != null
        && cpu.cpus() != null
        && document.at("/process/execCPUAffinity") instanceof ObjectNode affinity) {
      affinity.put("initial", new CpuList(cpu.cpus()).first());
    }
    return OciJson.write(document);
  }

  /// Reads a document that [#toJson] has written.
  public static OciSpec parse(byte[] json) throws IOException {
    return OciJson.read(json, OciSpec.class);
  }
}
