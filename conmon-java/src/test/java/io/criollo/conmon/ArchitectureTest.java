// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.criollo.conmon");

  @Test
  void packagesFormNoCycle() {
    slices().matching("io.criollo.conmon.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyLinuxTouchesForeignMemory() {
    noClasses().should().dependOnClassesThat().resideInAPackage("java.lang.foreign").check(CLASSES);
  }

  @Test
  void onlyMainEndsTheProcess() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  @Test
  void theMonitorStaysSmall() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.grpc..", "io.netty..", "com.google..", "com.fasterxml.jackson.databind..")
        .check(CLASSES);
  }

  @Test
  void childrenAreMadeByLinuxAlone() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ProcessBuilder.class).check(CLASSES);
  }

  @Test
  void theClientKnowsOnlyTheProtocol() {
    noClasses()
        .that()
        .resideInAPackage("io.criollo.conmon.client")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.criollo.conmon", "io.criollo.conmon.io", "io.criollo.conmon.log")
        .check(CLASSES);
  }
}
