// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.cdi.CdiEdits;
import io.criollo.runtime.hooks.HookFile;
import io.criollo.runtime.hooks.HookSubject;
import io.criollo.runtime.spec.OciSpec.Hook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Programs that the OCI runtime runs at stages of the container's life: first those that the
/// operator has in folders of hooks, then those of its devices. Neither the request nor the image
/// brings one; what they say only tells which of the operator's are for this container.
final class HookPart {
  private HookPart() {}

  /// {@return hooks by stage, as config.json has them}
  static Map<String, List<Hook>> of(SpecInput input, CdiEdits devices) {
    var all = new TreeMap<String, List<Hook>>();
    var files = input.node().defaults().hooks().current();
    if (!files.isEmpty()) {
      var subject = subject(input);
      files.stream().filter(file -> file.isFor(subject)).forEach(file -> add(file, all));
    }
    CdiPart.hooks(devices)
        .forEach(
            (stage, hooks) -> all.computeIfAbsent(stage, _ -> new ArrayList<>()).addAll(hooks));
    return all;
  }

  private static HookSubject subject(SpecInput input) {
    var annotations = new HashMap<>(AnnotationPart.ofContainer(input));
    annotations.putAll(input.podAnnotations());
    return new HookSubject(
        ArgsPart.of(input.container(), input.image()).getFirst(),
        annotations,
        input.container().getMountsCount() > 0);
  }

  private static void add(HookFile file, Map<String, List<Hook>> all) {
    var program = file.program();
    var hook = new Hook(program.path(), program.args(), program.env(), program.timeout());
    for (var stage : file.stages()) {
      all.computeIfAbsent(now(stage), _ -> new ArrayList<>()).add(hook);
    }
  }

  /// The specification has prestart no more; createRuntime runs at the same time.
  private static String now(String stage) {
    return stage.equals("prestart") ? "createRuntime" : stage;
  }
}
