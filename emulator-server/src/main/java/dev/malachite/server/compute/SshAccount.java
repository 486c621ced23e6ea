package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How a machine is reached over SSH, as computes say it: address, port and {@code administratorAccount}. */
final class SshAccount {

    /** What of the account is never shown. */
    static final List<String> SECRETS = List.of("password", "privateKeyData", "passphrase");

    private static final String PATH = "properties.properties.";
    private static final int PORT = 22;
    private static final int LAST_PORT = 65_535;

    /** Host names, IPv4 and IPv6. */
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9_.:%-]{1,253}");

    private static final Pattern USER = Pattern.compile("[^\\s\\p{Cntrl}]{1,255}");

    private SshAccount() {}

    static Optional<String> address(ObjectNode inner) {
        Optional<String> address = said(inner, "address");
        address.filter(text -> !ADDRESS.matcher(text).matches()).ifPresent(text -> {
            throw invalid("address", "a host name or an IP address is expected, not '%s'.".formatted(text));
        });
        return address;
    }

    /** Clients send a number, or its text, or an empty text for the usual one. */
    static int port(ObjectNode inner) {
        JsonNode value = Json.member(inner, "sshPort");
        if (value.isMissingNode()
                || value.isNull()
                || (value.isString() && value.stringValue().isBlank())) {
            return PORT;
        }
        String text = value.isValueNode() ? value.asString().strip() : "";
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > LAST_PORT) {
            throw invalid("sshPort", "a port from 1 to %d is expected, not %s.".formatted(LAST_PORT, value));
        }
        return Integer.parseInt(text);
    }

    /** The user of an account that can log in; one without credentials is refused. */
    static String user(ObjectNode inner) {
        ObjectNode account = Json.objectAt(inner, "administratorAccount");
        String user = said(account, "username")
                .orElseThrow(() -> invalid("administratorAccount.username", "it is required."));
        if (!USER.matcher(user).matches()) {
            throw invalid("administratorAccount.username", "at most 255 characters without spaces are expected.");
        }
        if (said(account, "password").isEmpty()
                && said(account, "privateKeyData").isEmpty()) {
            throw invalid("administratorAccount", "a password or a private key is required.");
        }
        return user;
    }

    private static Optional<String> said(ObjectNode object, String name) {
        return Json.string(object, name).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static AzureException invalid(String name, String why) {
        return new AzureException(Errors.invalidParameter(PATH + name, why));
    }
}
