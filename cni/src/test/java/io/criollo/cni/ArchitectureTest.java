// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.criollo.cni");

  @Test
  void dependsOnLinuxAndJacksonOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "io.criollo.cni..",
            "io.criollo.linux",
            "com.fasterxml.jackson..",
            "org.jspecify.annotations..",
            "java..")
        .check(CLASSES);
  }

  @Test
  void leavesTheKernelToLinux() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(CLASSES);
  }

  @Test
  void startsProcessesThroughSpawnOnly() {
    noClasses().should().dependOnClassesThat().belongToAnyOf(ProcessBuilder.class).check(CLASSES);
  }

  @Test
  void neverEndsTheDaemon() {
    noClasses().should().callMethod(System.class, "exit", int.class).check(CLASSES);
  }
}
