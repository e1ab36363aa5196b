package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a system reads to start a program with its user's session: the text of such files, made from values alone, so that
/// each is tested on every system.
///
/// @param command     program, by absolute path, and its arguments
/// @param environment what it needs beside what the session gives
record SessionEntry(String name, List<String> command, Map<String, String> environment) {

    private static final String DESCRIPTION = "Coffer: keeps this device's folders";

    SessionEntry {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /// A systemd user unit. A crash starts it again; a stop on request does not.
    String systemdUnit() {
        StringBuilder unit = new StringBuilder("[Unit]\nDescription=" + DESCRIPTION + "\n\n[Service]\nType=exec\n");
        new TreeMap<>(environment).forEach((name, value) ->
                unit.append("Environment=").append(systemdWord(name + "=" + value, false)).append('\n'));
        List<String> words = new ArrayList<>();
        if (!isProgramForSystemd(command.getFirst())) {
            words.addAll(List.of("\"/bin/sh\"", "\"-c\"", systemdWord("exec \"$0\" \"$@\"", true)));
        }
        for (String word : command) {
            words.add(systemdWord(word, !words.isEmpty()));
        }
        return unit.append("ExecStart=").append(String.join(" ", words)).append('\n')
                .append("SuccessExitStatus=143\n") // a JVM that ends on SIGTERM
                .append("Restart=on-failure\nRestartSec=30\n\n[Install]\nWantedBy=default.target\n")
                .toString();
    }

    /// It refuses programs with a quote, a backslash or a control character in their path, however they are written.
    private static boolean isProgramForSystemd(String path) {
        return path.chars().noneMatch(c -> c < ' ' || c == '"' || c == '\'' || c == '\\');
    }

    /// One word in double quotes. `%` begins a specifier everywhere, `$` a variable in arguments only.
    private static String systemdWord(String word, boolean argument) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '%' -> out.append("%%");
                case '$' -> out.append(argument ? "$$" : "$");
                default -> out.append(c < ' ' || c == 0x7f ? String.format("\\x%02x", (int) c) : String.valueOf(c));
            }
        }
        return out.append('"').toString();
    }

    /// A launchd agent's property list.
    String launchdPlist() throws CofferException {
        StringBuilder list = new StringBuilder(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
                <plist version="1.0">
                <dict>
                    <key>Label</key>
                """);
        list.append("    <string>").append(xml(name)).append("</string>\n    <key>ProgramArguments</key>\n    <array>\n");
        for (String word : command) {
            list.append("        <string>").append(xml(word)).append("</string>\n");
        }
        list.append("    </array>\n");
        if (!environment.isEmpty()) {
            list.append("    <key>EnvironmentVariables</key>\n    <dict>\n");
            for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
                list.append("        <key>").append(xml(variable.getKey())).append("</key>\n        <string>")
                        .append(xml(variable.getValue())).append("</string>\n");
            }
            list.append("    </dict>\n");
        }
        return list.append(
                        """
                            <key>RunAtLoad</key>
                            <true/>
                            <key>KeepAlive</key>
                            <dict>
                                <key>SuccessfulExit</key>
                                <false/>
                            </dict>
                            <key>ThrottleInterval</key>
                            <integer>30</integer>
                            <key>ProcessType</key>
                            <string>Background</string>
                        </dict>
                        </plist>
                        """)
                .toString();
    }

    /// A task of the Windows Task Scheduler, started when the user logs on.
    String windowsTask() throws CofferException {
        List<String> arguments = new ArrayList<>();
        for (String word : command.subList(1, command.size())) {
            arguments.add(windowsWord(word));
        }
        return """
                <?xml version="1.0"?>
                <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
                  <RegistrationInfo>
                    <Description>%s</Description>
                  </RegistrationInfo>
                  <Triggers>
                    <LogonTrigger>
                      <Enabled>true</Enabled>
                    </LogonTrigger>
                  </Triggers>
                  <Settings>
                    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
                    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
                    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
                    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
                    <RestartOnFailure>
                      <Interval>PT1M</Interval>
                      <Count>255</Count>
                    </RestartOnFailure>
                  </Settings>
                  <Actions>
                    <Exec>
                      <Command>%s</Command>
                      <Arguments>%s</Arguments>
                    </Exec>
                  </Actions>
                </Task>
                """
                .formatted(xml(DESCRIPTION), xml(command.getFirst()), xml(String.join(" ", arguments)));
    }

    /// As programs on Windows take their command line apart: backslashes count double before a quote, and only there.
    private static String windowsWord(String word) {
        if (!word.isEmpty() && word.chars().noneMatch(c -> c == ' ' || c == '\t' || c == '"')) {
            return word;
        }
        StringBuilder out = new StringBuilder("\"");
        int backslashes = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '\\') {
                backslashes++;
                continue;
            }
            out.repeat('\\', c == '"' ? 2 * backslashes + 1 : backslashes).append(c);
            backslashes = 0;
        }
        return out.repeat('\\', 2 * backslashes).append('"').toString();
    }

    /// ASCII, so that no encoding can be mistaken.
    private static String xml(String text) throws CofferException {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c < ' ' || Character.getType(c) == Character.SURROGATE || (c & 0xfffe) == 0xfffe) {
                throw CofferException.withAdvice(
                        ErrorCode.LOCAL,
                        "A path holds a character that the system's file cannot.",
                        "Nothing was changed. Move Coffer, or its home, to a path without control characters.");
            }
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                    if (c < 0x7f) {
                        out.append((char) c);
                    } else {
                        out.append("&#").append(c).append(';');
                    }
                }
            }
        }
        return out.toString();
    }
}
