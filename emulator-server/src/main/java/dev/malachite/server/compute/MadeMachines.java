package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Instance;
import dev.malachite.engine.MachineAccess;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.engine.VmSize;
import dev.malachite.server.runtime.MachineLogin;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Virtual machines that are made with their target: what azureml-core's {@code DsvmCompute} asks for. It sends no account, and
 * reads the one that the service has made from listKeys.
 */
@Component
class MadeMachines {

    private static final String ACCOUNT = "administratorAccount";
    private static final String PATH = "properties.properties." + ACCOUNT + ".";
    private static final String PASSWORD = "password";
    private static final String USER = "azureuser";

    /** What azureml-core says that it takes when none is given. */
    private static final String SIZE = "Standard_DS3_v2";

    private static final int PASSWORD_BYTES = 16;
    private static final int LONGEST_PASSWORD = 72;
    private static final int LONGEST_KEY = 8_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,31}");
    private static final Pattern KEY = Pattern.compile("(ssh|ecdsa|sk)-[\\x20-\\x7e]+");

    /** Azure's own (Microsoft's "Frequently asked question about Linux virtual machines"), and those that the system has. */
    private static final Set<String> TAKEN = Set.of(
            ("1 123 a actuser adm admin admin1 admin2 administrator aspnet backup console david guest john owner root server"
                            + " sql support support_388945a0 sys test test1 test2 test3 user user1 user2 user3 user4 user5"
                            + " video bin daemon games irc list lp mail man news nobody proxy sshd sudo sync uucp www-data"
                            + " _apt messagebus")
                    .split(" "));

    private final VmSizes sizes;
    private final ComputeKeys keys;

    MadeMachines(VmSizes sizes, ComputeKeys keys) {
        this.sizes = sizes;
        this.keys = keys;
    }

    ComputeKind.MadeMachine read(ObjectNode inner, String region) {
        String name = said(inner, "virtualMachineSize").orElse(SIZE);
        VmSize size = sizes.named(name, region)
                .orElseThrow(() -> ComputeReader.invalid(
                        "InvalidVmSize",
                        "The VM size '%s' is not supported in this region. The vmSizes list has those that are."
                                .formatted(name)));
        ObjectNode account = Json.objectAt(inner, ACCOUNT);
        String user = said(account, "username").orElse(USER);
        if (TAKEN.contains(user.toLowerCase(Locale.ROOT)) || !NAME.matcher(user).matches()) {
            // The words of Azure Resource Manager for virtual machines.
            throw invalid("username", "The Admin Username specified is not allowed.");
        }
        Optional<String> password = Json.string(account, PASSWORD);
        if (password.filter(
                        text -> text.length() > LONGEST_PASSWORD || text.chars().anyMatch(Character::isISOControl))
                .isPresent()) {
            throw invalid(PASSWORD, "at most %d characters of one line are expected.".formatted(LONGEST_PASSWORD));
        }
        Optional<String> key = said(account, "publicKeyData");
        if (key.filter(text -> text.length() > LONGEST_KEY || !KEY.matcher(text).matches())
                .isPresent()) {
            throw invalid("publicKeyData", "one line as OpenSSH writes it is expected, 'ssh-ed25519 AAAA…'.");
        }
        return new ComputeKind.MadeMachine(size, user);
    }

    /** An account that nobody has named, and a password, by which jobs are brought, are made here. */
    void complete(ObjectNode inner) {
        ObjectNode account = Json.objectAt(inner, ACCOUNT).deepCopy();
        account.put("username", said(account, "username").orElse(USER));
        if (Json.string(account, PASSWORD).filter(text -> !text.isEmpty()).isEmpty()) {
            byte[] bytes = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(bytes);
            account.put(PASSWORD, HexFormat.of().formatHex(bytes));
        }
        inner.set(ACCOUNT, account);
    }

    /** Who is let in; empty for targets of other kinds. */
    Optional<MachineLogin> login(Target target) {
        if (!(target.kind() instanceof ComputeKind.MadeMachine machine)) {
            return Optional.empty();
        }
        ObjectNode account = Json.objectAt(keys.of(target), ACCOUNT);
        return Optional.of(
                new MachineLogin(machine.user(), Json.string(account, PASSWORD), said(account, "publicKeyData")));
    }

    void settings(ObjectNode inner, ComputeKind.MadeMachine machine) {
        inner.putNull("address");
        inner.put("sshPort", SshAccount.port(inner));
        inner.put(
                "virtualMachineSize",
                said(inner, "virtualMachineSize").orElse(machine.size().name()));
    }

    /** Where its sshd is reached, once it runs: a port of this machine's loopback, whichever was asked for. */
    void live(ObjectNode inner, Target target, State state) {
        state.instance(target.id())
                .flatMap(Instance::access)
                .flatMap(MachineAccess::sshPort)
                .ifPresent(port -> inner.put("address", "127.0.0.1").put("sshPort", port));
    }

    private static Optional<String> said(ObjectNode object, String name) {
        return Json.string(object, name).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static AzureException invalid(String name, String why) {
        return new AzureException(Errors.invalidParameter(PATH + name, why));
    }
}
