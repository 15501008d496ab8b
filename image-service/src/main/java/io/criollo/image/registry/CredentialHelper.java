// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Spawn;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Programs that keep credentials: `docker-credential-NAME get` takes a registry on its standard
/// input and answers in JSON (docker/docker-credential-helpers).
///
/// @param path folders in which they are looked for, with colons between
/// @param inherited the daemon's environment: helpers take regions, roles and proxies from theirs
record CredentialHelper(String path, Map<String, String> inherited) {
  private static final System.Logger LOG = System.getLogger(CredentialHelper.class.getName());
  private static final int MOST_WORDS = 400;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final String NOT_FOUND = "credentials not found";
  private static final String TOKEN_USER = "<token>";
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final Set<String> SYSTEMDS =
      Set.of("NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "FDSTORE", "INVOCATION_ID");

  CredentialHelper {
    inherited = Map.copyOf(inherited);
  }

  /// {@return the helpers of the daemon's own PATH}
  static CredentialHelper ofSystem() {
    var own = System.getenv();
    var path =
        own.getOrDefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    return new CredentialHelper(path, own);
  }

  /// {@return what a helper knows of a registry}
  Optional<Secret> ask(String name, String server) throws ImageException, InterruptedException {
    var program = find(name);
    var command =
        new Spawn.Command(
            List.of(program.toString(), "get"),
            environment(),
            Optional.empty(),
            server.getBytes(StandardCharsets.UTF_8),
            LONGEST,
            LONGEST_ANSWER);
    try {
      var result = Spawn.run(command);
      warn(program, server, result.stderr());
      if (result.exitCode() != 0) {
        return refused(program, server, result);
      }
      return secret(program, result.stdout());
    } catch (LinuxException e) {
      throw failed(program, "cannot be run: " + e.getMessage());
    }
  }

  private Map<String, String> environment() {
    var variables = new HashMap<>(inherited);
    // systemd's talk with this process is not for its children
    variables.keySet().removeIf(name -> name.startsWith("LISTEN_") || SYSTEMDS.contains(name));
    variables.put("PATH", path);
    variables.putIfAbsent("HOME", "/root");
    return variables;
  }

  /// In the log only: who pulls need not see what a helper says on the node's own affairs.
  private static void warn(Path program, String server, byte[] stderr) {
    var words = new String(stderr, StandardCharsets.UTF_8).replaceAll("[\\s\\p{C}]+", " ").strip();
    if (!words.isEmpty()) {
      var shown = words.length() > MOST_WORDS ? words.substring(0, MOST_WORDS) + "…" : words;
      LOG.log(Level.WARNING, "credential helper {0} for {1} says: {2}", program, server, shown);
    }
  }

  private static Optional<Secret> refused(Path program, String server, Spawn.Result result)
      throws ImageException {
    var said = new String(result.stdout(), StandardCharsets.UTF_8);
    if (said.contains(NOT_FOUND)) {
      return Optional.empty();
    }
    var why = result.timedOut() ? "took longer than " + LONGEST.toSeconds() + " s" : "failed";
    throw failed(program, why + " for " + server + " with exit code " + result.exitCode());
  }

  private static Optional<Secret> secret(Path program, byte[] answer) throws ImageException {
    var json = Answers.json(answer);
    var user = json.path("Username").asText("");
    var secret = json.path("Secret").asText("");
    if (secret.isEmpty()) {
      throw failed(program, "answered without a secret");
    }
    return Secret.of(
        user.equals(TOKEN_USER)
            ? new Credentials("", "", "", "", secret, "")
            : Credentials.ofPassword(user, secret));
  }

  private Path find(String name) throws ImageException {
    if (!NAME.matcher(name).matches()) {
      throw new ImageException(Kind.MISCONFIGURED, "credential helper has no valid name");
    }
    var file = "docker-credential-" + name;
    for (var folder : path.split(":", -1)) {
      var program = Path.of(folder.isEmpty() ? "/" : folder, file);
      if (program.isAbsolute() && Files.isExecutable(program)) {
        return program;
      }
    }
    throw new ImageException(
        Kind.MISCONFIGURED, "credential helper " + file + " is in no folder of PATH");
  }

  private static ImageException failed(Path program, String why) {
    return new ImageException(Kind.MISCONFIGURED, "credential helper " + program + " " + why);
  }
}
