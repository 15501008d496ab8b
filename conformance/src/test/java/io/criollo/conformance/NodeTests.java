// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs test classes on a node, where there is no Maven: a line for each test as it ends, and at
/// the end one line of counts (`passed failed skipped`) added to a file. On the test node, where
/// nothing may be missing, a test that gives up on an assumption counts as failed. A test that
/// stands still where no interrupt reaches it is the last one: it fails, and its threads are shown.
final class NodeTests implements TestExecutionListener {
  /// Above the longest limit of a single test.
  private static final Duration STANDSTILL = Duration.ofMinutes(12);

  private final PrintStream out;
  private final boolean skipFails;
  private final boolean again;
  private final Map<String, Long> started = new ConcurrentHashMap<>();
  private int passed;
  private int failed;
  private int skipped;
  private volatile long changed = System.nanoTime();
  private volatile String latest = "";

  NodeTests(PrintStream out, boolean skipFails, boolean again) {
    this.out = out;
    this.skipFails = skipFails;
    this.again = again;
  }

  /// Arguments: the file for the counts, then names of test classes. With CRIOLLO_TEST_AGAIN=yes,
  /// those that any OCI runtime will do for have run before, and do not again.
  public static void main(String[] args) throws IOException {
    var tests =
        new NodeTests(
            System.out,
            "uml".equals(System.getenv("CRIOLLO_NODE_KIND")),
            "yes".equals(System.getenv("CRIOLLO_TEST_AGAIN")));
    var counts = Path.of(args[0]);
    Thread.ofPlatform().daemon().name("standstill").start(() -> tests.watch(counts));
    tests.run(Arrays.copyOfRange(args, 1, args.length));
    tests.write(counts);
    System.exit(tests.failed == 0 ? 0 : 1);
  }

  private void write(Path counts) throws IOException {
    Files.writeString(counts, counts() + "\n", CREATE, WRITE, APPEND);
  }

  private void watch(Path counts) {
    try {
      while (System.nanoTime() - changed < STANDSTILL.toNanos()) {
        Thread.sleep(Duration.ofSeconds(1));
      }
      failed++;
      out.println("FAIL  " + latest + " stands still since " + STANDSTILL.toSeconds() + " s");
      Thread.getAllStackTraces()
          .forEach((thread, stack) -> {
            out.println(thread);
            Arrays.stream(stack).forEach(frame -> out.println("\tat " + frame));
          });
      write(counts);
      Runtime.getRuntime().halt(1);
    } catch (IOException e) {
      e.printStackTrace(out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void run(String... classes) {
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(classes).map(DiscoverySelectors::selectClass).toList());
    if (again) {
      request.filters(TagFilter.excludeTags(AnyRuntime.TAG));
    }
    LauncherFactory.create().execute(request.build(), this);
  }

  String counts() {
    return passed + " " + failed + " " + skipped;
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (passed + failed + skipped == 0 && !again) {
      failed++;
      out.println("FAIL  no test was found");
    }
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    started.put(test.getUniqueId(), System.nanoTime());
    changed = System.nanoTime();
    latest = name(test);
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    skipped++;
    out.println("skip  " + name(test) + ": " + reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    changed = System.nanoTime();
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          passed++;
          out.println("ok    " + name(test) + " (" + elapsed(test).toMillis() + " ms)");
        }
      }
      case FAILED -> fail(test, result);
      case ABORTED -> {
        if (skipFails) {
          fail(test, result);
        } else {
          skipped++;
          out.println("skip  " + name(test) + result.getThrowable().map(t -> ": " + t).orElse(""));
        }
      }
    }
  }

  private void fail(TestIdentifier test, TestExecutionResult result) {
    failed++;
    out.println("FAIL  " + name(test) + " (" + elapsed(test).toMillis() + " ms)");
    result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(out));
  }

  private Duration elapsed(TestIdentifier test) {
    return Duration.ofNanos(
        System.nanoTime() - started.getOrDefault(test.getUniqueId(), System.nanoTime()));
  }

  private static String name(TestIdentifier test) {
    String shown = test.getDisplayName();
    if (test.getSource().orElse(null) instanceof MethodSource method) {
      String name = method.getClassName().replaceFirst(".*\\.", "") + "." + method.getMethodName();
      return shown.startsWith(method.getMethodName()) ? name : name + " " + shown;
    }
    return shown;
  }
}
