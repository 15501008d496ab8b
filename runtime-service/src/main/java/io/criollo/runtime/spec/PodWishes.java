// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.Device;
import io.criollo.runtime.state.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a pod asks for by annotations that its handler allows. Forms and rules are CRI-O's.
///
/// @param devices for each container
/// @param unified files of cgroup v2 by name, for this container
/// @param umask of processes; empty: the OCI runtime's own
/// @param writableCgroup whether containers may write below `/sys/fs/cgroup`
record PodWishes(
    List<Device> devices,
    Map<String, String> unified,
    Optional<Integer> umask,
    boolean writableCgroup) {
  PodWishes {
    devices = List.copyOf(devices);
    unified = Map.copyOf(unified);
  }

  /// {@return the wishes}
  ///
  /// @throws Refusal.InvalidArgument for one that is malformed or not allowed; it names the
  ///   annotation
  static PodWishes of(SpecInput input) {
    var annotations = input.podAnnotations();
    var name = input.container().getMetadata().getName();
    return new PodWishes(
        devices(
            PodAnnotation.DEVICES.in(annotations).orElse(""),
            input.node().defaults().devices().annotated()),
        PodAnnotation.UNIFIED_CGROUP
            .in(annotations, name)
            .map(text -> unified(PodAnnotation.UNIFIED_CGROUP.field() + "/" + name, text))
            .orElse(Map.of()),
        PodAnnotation.UMASK.in(annotations).filter(text -> !text.isEmpty()).map(PodWishes::umask),
        PodAnnotation.CGROUP_WRITABLE.in(annotations).filter("true"::equals).isPresent());
  }

  private static List<Device> devices(String text, Set<String> allowed) {
    var field = PodAnnotation.DEVICES.field();
    var devices = new ArrayList<Device>();
    for (var each : text.split(",", -1)) {
      if (!each.isEmpty()) {
        var device = device(field, each);
        Check.that(
            allowed.contains(device.getHostPath()),
            field,
            device.getHostPath(),
            "must be one of allowed_devices of the configuration");
        devices.add(device);
      }
    }
    return devices;
  }

  private static Device device(String field, String text) {
    try {
      return DeviceText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refusal.InvalidArgument(field, text, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> unified(String field, String text) {
    var files = new HashMap<String, String>();
    for (var each : text.split(";", -1)) {
      if (!each.isEmpty()) {
        int end = each.indexOf('=');
        Check.that(end > 0, field, each, "must be FILE=VALUE, with ; between several");
        var file = each.substring(0, end);
        var value = plain(each.substring(end + 1));
        UnifiedPart.check(field, file, value);
        files.put(file, value);
      }
    }
    return files;
  }

  /// The value may be in base64. Numbers look as if they were, but do not decode to a text.
  private static String plain(String value) {
    try {
      var decoded = Base64.getDecoder().decode(value);
      boolean text = true;
      for (byte each : decoded) {
        text &= each == '\n' || (each >= ' ' && each < 127);
      }
      return text && value.length() % 4 == 0
          ? new String(decoded, StandardCharsets.US_ASCII)
          : value;
    } catch (IllegalArgumentException _) {
      return value;
    }
  }

  private static int umask(String text) {
    Check.that(
        text.matches("[0-7]{1,4}"),
        PodAnnotation.UMASK.field(),
        text,
        "must be one to four octal digits");
    return Integer.parseInt(text, 8);
  }
}
