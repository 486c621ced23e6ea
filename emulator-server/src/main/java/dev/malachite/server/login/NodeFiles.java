package dev.malachite.server.login;

import java.util.Optional;
import java.util.function.Function;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;

/** SFTP, which today's {@code scp} speaks too: the node's own {@code sftp-server} serves it, as sshd would have it. */
record NodeFiles(Function<ChannelSession, Command> node) implements SubsystemFactory {

    /** Where Debian, Red Hat, Alpine and macOS have theirs. */
    static final Optional<String> SERVER = Optional.of("""
            for each in /usr/lib/openssh /usr/libexec/openssh /usr/lib/ssh /usr/libexec; do
              if [ -x "$each/sftp-server" ]; then exec "$each/sftp-server"; fi
            done
            echo "This node has no sftp-server; its image would need OpenSSH's. Through tar or cat files go as well." >&2
            exit 127
            """);

    @Override
    public String getName() {
        return "sftp";
    }

    @Override
    public Command createSubsystem(ChannelSession channel) {
        return node.apply(channel);
    }
}
