// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cdi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.criollo.linux.CappedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One description of devices, JSON or YAML. An unknown field makes it unusable, as the
/// specification has it.
///
/// @param containerEdits for whoever gets any of its devices
record CdiFile(
    String cdiVersion,
    String kind,
    @Nullable Map<String, String> annotations,
    List<Device> devices,
    @Nullable CdiEdits containerEdits) {
  private static final int LARGEST = 4 << 20;
  private static final Pattern VERSION = Pattern.compile("v?([01])\\.([0-9]{1,3})\\.[0-9]{1,3}");
  private static final int NEWEST = 1_001;

  /// A device of the file's kind.
  record Device(
      String name, @Nullable Map<String, String> annotations, @Nullable CdiEdits containerEdits) {}

  /// @throws IOException with one line that says what is wrong
  static CdiFile read(Path path) throws IOException {
    var bytes = CappedFile.read(path, LARGEST);
    try {
      var file = mapper(path).readValue(bytes, CdiFile.class);
      if (file == null) {
        throw new IOException("is empty");
      }
      file.check();
      return file;
    } catch (JsonProcessingException e) {
      throw new IOException(e.getOriginalMessage().lines().findFirst().orElse("is no object"), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static ObjectMapper mapper(Path path) {
    var mapper =
        path.toString().endsWith(".json")
            ? new ObjectMapper()
            : new ObjectMapper(new YAMLFactory());
    var limits = StreamReadConstraints.builder().maxNestingDepth(32).build();
    mapper.getFactory().setStreamReadConstraints(limits);
    return mapper;
  }

  private void check() {
    var version = VERSION.matcher(String.valueOf(cdiVersion));
    that(
        version.matches() && number(version.group(1), version.group(2)) <= NEWEST,
        "cdiVersion " + cdiVersion + " must be 0.3.0 to 1.1.0");
    that(CdiName.isKind(String.valueOf(kind)), "kind " + kind + " must be VENDOR/CLASS");
    that(devices != null && !devices.isEmpty(), "devices must not be empty");
    edits(containerEdits).check();
    for (var device : devices) {
      that(
          CdiName.isDevice(String.valueOf(device.name)),
          "devices.name " + device.name + " must be of letters, digits and _.:-");
      edits(device.containerEdits).check();
    }
  }

  private static int number(String major, String minor) {
    return Integer.parseInt(major) * 1000 + Integer.parseInt(minor);
  }

  private static void that(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /// {@return what is there for whoever gets any of the devices}
  CdiEdits common() {
    return edits(containerEdits);
  }

  static CdiEdits edits(@Nullable CdiEdits edits) {
    return edits == null ? CdiEdits.NONE : edits;
  }
}
