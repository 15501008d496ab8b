// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import io.criollo.conmon.client.MonitorUpgrade;
import io.criollo.runtime.cli.CommandLine;
import io.criollo.runtime.cli.StatusText;
import io.criollo.runtime.cli.Usage;
import io.criollo.runtime.cli.UsageException;
import io.criollo.runtime.config.ConfigException;
import io.criollo.runtime.config.Option;
import io.criollo.runtime.node.Version;
import io.criollo.runtime.rpc.CriClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// The daemon's process: command line, start, SIGTERM, exit code.
public final class Main {
  private static final System.Logger LOG = System.getLogger(Main.class.getName());
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String... args) {
    try {
      obey(CommandLine.parse(args));
      return 0;
    } catch (UsageException | ConfigException e) {
      System.err.println("criollo: " + e.getMessage());
      return WRONG_USE;
    } catch (Exception e) {
      System.err.println("criollo: " + reason(e));
      return FAILED;
    }
  }

  private static void obey(CommandLine line) throws Exception {
    switch (line.verb()) {
      case SERVE -> serve(line);
      case CONFIG -> System.out.print(line.configuration().toToml());
      case STATUS -> status(line);
      case CHECK -> check(line);
      case UPGRADE_MONITOR -> upgradeMonitor(line);
      case VERSION -> System.out.println("criollo " + Version.ofBuild());
      case HELP -> System.out.print(Usage.text());
    }
  }

  private static void status(CommandLine line) throws Exception {
    var socket = settings(line).listen();
    try (var client = new CriClient(socket)) {
      var report = client.report();
      System.out.print(StatusText.of(socket, report));
      if (!report.ready()) {
        throw new IOException("the node is not ready");
      }
    }
  }

  private static void check(CommandLine line) throws Exception {
    try (var client = new CriClient(settings(line).listen())) {
      client.check(line.checkWords(), System.out::println);
    }
  }

  private static void upgradeMonitor(CommandLine line) throws Exception {
    var monitor = settings(line).monitor();
    long pid = MonitorUpgrade.run(monitor);
    System.out.println("process " + pid + " runs " + monitor.launch().getFirst());
  }

  private static Settings settings(CommandLine line) throws ConfigException {
    var home = Path.of(System.getProperty("criollo.home", ".")).toAbsolutePath();
    return new Settings(line.configuration(), home);
  }

  private static void serve(CommandLine line) throws Exception {
    var settings = settings(line);
    var configuration = settings.configuration();
    Logs.toStderr(configuration.logLevel());
    Logs.filter(configuration.text(Option.LOG_FILTER));
    configuration.warnings().forEach(text -> LOG.log(System.Logger.Level.WARNING, text));
    var notices = ServiceNotices.to(System.getProperty("criollo.notify", ""));
    var daemon = Daemon.start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(daemon, notices), "stop"));
    var reload = new Reload(configuration, line::configuration);
    Hangup.runs(() -> reload(reload, notices));
    notices.ready();
    new CountDownLatch(1).await(); // until a signal ends the process
  }

  private static void reload(Reload reload, ServiceNotices notices) {
    notices.reloading();
    reload.run();
    notices.ready();
  }

  /// Containers run on; only the serving ends.
  private static void stop(Daemon daemon, ServiceNotices notices) {
    notices.stopping();
    int code = 0;
    try {
      daemon.close();
    } catch (Exception e) {
      System.err.println("criollo: stop: " + reason(e));
      code = FAILED;
    }
    Runtime.getRuntime().halt(code); // SIGTERM is no failure
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
