// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

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
          .withImportOption(new ImportOption.DoNotIncludeJars())
          .importPackages("io.criollo.runtime");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.criollo.runtime.(*)..").should().beFreeOfCycles().check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.criollo.runtime.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.criollo.runtime")
        .check(CLASSES);
  }

  @Test
  void onlyTheRpcPackageKnowsGrpc() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.criollo.runtime.rpc")
        .and()
        .areNotAssignableTo(Daemon.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.grpc..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.criollo.runtime.rpc",
            "io.criollo.runtime.streaming..",
            "io.criollo.runtime.metrics")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(CLASSES);
  }

  @Test
  void theKernelIsReachedThroughTheLinuxModule() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(CLASSES);
  }

  @Test
  void onlyMainEndsTheProcess() {
    noClasses()
        .that()
        .areNotAssignableTo(Main.class)
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(CLASSES);
  }
}
