package dev.malachite.server.machine;

import dev.malachite.server.machine.Machines.Machine;
import dev.malachite.server.machine.Machines.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.util.HtmlUtils;

/** Our own pages on the way into an instance: who are you, not you, and wait a moment. */
final class MachinePages {

    /** {@code docs/instances.md} says why. */
    static final String NO_RSTUDIO =
            "RStudio is not on this machine: no package registry has its server. Open Jupyter Lab, whose terminal runs R where it is installed (sudo apt-get install r-base).";

    private static final String FRAME = frame();

    private MachinePages() {}

    /** Asks who comes: without passwords, because everybody who reaches the emulator may say who they are. */
    static void signIn(HttpServletResponse response, int status, Machine machine, String next) throws IOException {
        StringBuilder form = new StringBuilder();
        form.append("<p>Who are you? The emulator knows no passwords.</p>\n<form method=\"post\" action=\"")
                .append(HtmlUtils.htmlEscape(Door.path(machine.name(), machine.region()) + Door.SIGN_IN.substring(1)))
                .append("\">\n<input type=\"hidden\" name=\"next\" value=\"")
                .append(HtmlUtils.htmlEscape(next))
                .append("\">\n");
        List<Person> people = new ArrayList<>(machine.owners());
        machine.neighbours().stream().filter(one -> !machine.isOpenTo(one)).forEach(people::add);
        String chosen = " checked";
        for (Person person : people) {
            form.append("<label><input type=\"radio\" name=\"person\" value=\"")
                    .append(HtmlUtils.htmlEscape(person.objectId()))
                    .append("\"")
                    .append(chosen)
                    .append("> ")
                    .append(HtmlUtils.htmlEscape(person.name()))
                    .append(machine.isOpenTo(person) ? " <small>its user</small>" : "")
                    .append("</label>\n");
            chosen = "";
        }
        form.append("<button>Sign in</button>\n</form>");
        send(response, status, "Sign in to " + machine.name(), form.toString(), "");
    }

    /**
     * In the service's words, as its users quote them (Microsoft Q&amp;A, "User does not have access to compute instance").
     */
    static String refusal(Machine machine, Person person) {
        return "User %s does not have access to compute instance %s. Only the creator can access a compute instance."
                .formatted(person.name(), machine.name());
    }

    static void refused(HttpServletResponse response, Machine machine, Person person) throws IOException {
        String again = Door.path(machine.name(), machine.region()) + Door.SIGN_IN.substring(1);
        send(
                response,
                HttpServletResponse.SC_FORBIDDEN,
                "No access",
                "<p>" + HtmlUtils.htmlEscape(refusal(machine, person)) + "</p><p><a href=\""
                        + HtmlUtils.htmlEscape(again)
                        + "\">Click here to sign out and sign in again with a different account.</a></p>",
                "");
    }

    /** Looks again by itself. */
    static void starting(HttpServletResponse response, Machine machine) throws IOException {
        send(
                response,
                HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                "Starting " + machine.name(),
                "<p>Its Jupyter server is being started. The first one on this machine is downloaded, which takes a"
                        + " minute.</p>",
                "<meta http-equiv=\"refresh\" content=\"2\">");
    }

    static void problem(HttpServletResponse response, int status, Machine machine, String why) throws IOException {
        send(response, status, machine.name(), "<p>" + HtmlUtils.htmlEscape(why) + "</p>", "");
    }

    private static void send(HttpServletResponse response, int status, String title, String body, String head)
            throws IOException {
        response.setStatus(status);
        response.setContentType("text/html;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
        String page = FRAME.replace("{head}", head)
                .replace("{title}", HtmlUtils.htmlEscape(title))
                .replace("{body}", body);
        response.getOutputStream().write(page.getBytes(StandardCharsets.UTF_8));
    }

    private static String frame() {
        try (InputStream in = MachinePages.class.getResourceAsStream("/machine/page.html")) {
            if (in == null) {
                throw new IllegalStateException("page.html is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
