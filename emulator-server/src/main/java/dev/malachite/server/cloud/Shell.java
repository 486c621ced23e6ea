package dev.malachite.server.cloud;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** How a program or shell is told variables. */
enum Shell {
    SH {
        @Override
        String line(String name, String value) {
            return "export " + name + "='" + value.replace("'", "'\\''") + "'";
        }
    },
    POWERSHELL {
        @Override
        String line(String name, String value) {
            return "$env:" + name + " = '" + value.replace("'", "''") + "'";
        }
    },
    DOTENV {
        @Override
        String line(String name, String value) {
            return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        }
    },
    JSON {
        @Override
        String line(String name, String value) {
            throw new UnsupportedOperationException("JSON is written as a whole");
        }

        @Override
        String print(Map<String, String> variables) {
            ObjectNode object = Json.object();
            variables.forEach(object::put);
            return object.toPrettyString() + "\n";
        }
    };

    abstract String line(String name, String value);

    String print(Map<String, String> variables) {
        return variables.entrySet().stream()
                .map(variable -> line(variable.getKey(), variable.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    static Shell of(String name) {
        return Arrays.stream(values())
                .filter(shell -> shell.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new AzureException(Errors.invalidParameter(
                        "shell",
                        "there are "
                                + Arrays.stream(values())
                                        .map(shell -> shell.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")))));
    }
}
