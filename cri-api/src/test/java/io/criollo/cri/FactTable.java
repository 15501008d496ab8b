// SPDX-License-Identifier: Apache-2.0
package io.criollo.cri;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// The facts of an API as rows of five columns: kind, owner, name, number or request, type or
/// response. Read from the published table, or written from compiled descriptors.
final class FactTable {
  private FactTable() {}

  static Set<List<String>> published() throws IOException {
    var table = FactTable.class.getResourceAsStream("/runtime-v1.tsv");
    try (var lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(table), StandardCharsets.UTF_8))) {
      var rows = new LinkedHashSet<List<String>>();
      lines.lines().map(FactTable::columns).forEach(rows::add);
      return rows;
    }
  }

  static Set<List<String>> of(FileDescriptor file) {
    var rows = new LinkedHashSet<List<String>>();
    var syntax = file.toProto().getSyntax();
    rows.add(List.of("package", file.getPackage(), syntax, "", ""));
    for (var service : file.getServices()) {
      service.getMethods().forEach(method -> rows.add(rpc(method)));
    }
    file.getMessageTypes().forEach(message -> message(message).forEach(rows::add));
    file.getEnumTypes().stream().flatMap(FactTable::values).forEach(rows::add);
    return rows;
  }

  private static List<String> columns(String line) {
    return Stream.concat(Arrays.stream(line.split("\t")), Stream.generate(() -> ""))
        .limit(5)
        .toList();
  }

  private static List<String> rpc(MethodDescriptor method) {
    var request = stream(method.isClientStreaming()) + method.getInputType().getFullName();
    var response = stream(method.isServerStreaming()) + method.getOutputType().getFullName();
    return List.of("rpc", method.getService().getFullName(), method.getName(), request, response);
  }

  private static String stream(boolean streaming) {
    return streaming ? "stream " : "";
  }

  private static Stream<List<String>> message(Descriptor message) {
    if (message.getOptions().getMapEntry()) {
      return Stream.of();
    }
    var owner = message.getFullName();
    Stream<List<String>> own =
        message.getFields().isEmpty()
            ? Stream.of(List.of("message", owner, "", "", ""))
            : message.getFields().stream().map(FactTable::field);
    var oneofs = message.getOneofs().stream().map(FactTable::oneof);
    var nested = message.getNestedTypes().stream().flatMap(FactTable::message);
    var enums = message.getEnumTypes().stream().flatMap(FactTable::values);
    return Stream.of(own, oneofs, nested, enums).flatMap(rows -> rows);
  }

  private static List<String> oneof(OneofDescriptor oneof) {
    return List.of("oneof", oneof.getContainingType().getFullName(), oneof.getName(), "", "");
  }

  private static List<String> field(FieldDescriptor field) {
    var deprecated = field.getOptions().getDeprecated() ? " deprecated" : "";
    return List.of(
        "field",
        field.getContainingType().getFullName(),
        field.getName(),
        Integer.toString(field.getNumber()),
        label(field) + type(field) + deprecated);
  }

  private static String label(FieldDescriptor field) {
    return field.isRepeated() && !field.isMapField() ? "repeated " : "";
  }

  private static String type(FieldDescriptor field) {
    if (field.isMapField()) {
      var entry = field.getMessageType();
      return "map<%s,%s>"
          .formatted(type(entry.findFieldByNumber(1)), type(entry.findFieldByNumber(2)));
    }
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static Stream<List<String>> values(EnumDescriptor type) {
    return type.getValues().stream().map(FactTable::value);
  }

  private static List<String> value(EnumValueDescriptor value) {
    var number = Integer.toString(value.getNumber());
    return List.of("enum", value.getType().getFullName(), value.getName(), number, "");
  }
}
