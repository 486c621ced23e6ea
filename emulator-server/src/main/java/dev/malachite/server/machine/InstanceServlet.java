package dev.malachite.server.machine;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.server.identity.BearerTokens;
import dev.malachite.server.machine.Machines.Machine;
import dev.malachite.server.machine.Machines.Person;
import dev.malachite.server.machine.Visits.Visit;
import dev.malachite.server.runtime.InstanceRuntime.Notebooks;
import dev.malachite.server.web.Refusals;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The way into compute instances: asks who comes, lets its creator in or the one whom it was created for, and nobody else
 * (document 003, "access to Jupyter"), and hands on to its Jupyter server.
 */
final class InstanceServlet extends HttpServlet {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceServlet.class);
    private static final int SWITCHING = HttpServletResponse.SC_SWITCHING_PROTOCOLS;

    /** WebSockets that are open at the same time: a page of JupyterLab holds one a kernel and one a terminal. */
    private static final int MOST_TUNNELS = 500;

    /** What a page waits for before it is told to look again. */
    private static final Duration GLANCE = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final transient Machines machines;
    private final transient NotebookServers servers;
    private final transient BearerTokens bearers;
    private final transient Refusals refusals;
    private final transient NotebookProxy proxy;
    private final transient Visits visits = new Visits(InstantSource.system());
    private final transient Semaphore tunnels = new Semaphore(MOST_TUNNELS);

    InstanceServlet(
            Machines machines, NotebookServers servers, BearerTokens bearers, Refusals refusals, NotebookProxy proxy) {
        this.machines = machines;
        this.servers = servers;
        this.bearers = bearers;
        this.refusals = refusals;
        this.proxy = proxy;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Optional<Door> door = Door.of(request);
        Optional<Machine> machine = door.flatMap(named -> machines.find(named.instance(), named.region()));
        if (door.isEmpty() || machine.isEmpty()) {
            refuse(Errors.noSuchRoute(request.getRequestURI()), request, response);
            return;
        }
        if (!request.getRequestURI().startsWith(door.get().prefix())) {
            // Jupyter knows one spelling of its address.
            response.sendRedirect(door.get().prefix() + withoutSlash(door.get().rest()));
            return;
        }
        if (door.get().rest().equals(Door.SIGN_IN)) {
            signIn(door.get(), machine.get(), request, response);
            return;
        }
        Optional<Person> person = who(door.get(), request, response);
        if (person.isEmpty()) {
            if (isPage(request)) {
                MachinePages.signIn(response, 401, machine.get(), NotebookProxy.target(request));
            } else {
                refuse(Errors.unauthenticated("Sign in to open this compute instance."), request, response);
            }
        } else if (!machine.get().isOpenTo(person.get())) {
            if (isPage(request)) {
                MachinePages.refused(response, machine.get(), person.get());
            } else {
                refuse(Errors.forbidden(MachinePages.refusal(machine.get(), person.get())), request, response);
            }
        } else if (door.get().rest().equals("/")) {
            response.sendRedirect(door.get().prefix() + "lab");
        } else if (door.get().leadsToRStudio()) {
            notThere(404, MachinePages.NO_RSTUDIO, machine.get(), request, response);
        } else {
            letIn(machine.get(), request, response);
        }
    }

    private void signIn(Door door, Machine machine, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String wanted = Optional.ofNullable(request.getParameter("next")).orElse("");
        // Nobody is sent anywhere else.
        String next = door.leads(wanted) ? wanted : door.prefix() + "lab";
        Optional<Person> person = Stream.concat(machine.owners().stream(), machine.neighbours().stream())
                .filter(known -> known.objectId().equals(request.getParameter("person")))
                .findFirst();
        if (!request.getMethod().equals("POST") || person.isEmpty()) {
            MachinePages.signIn(response, 200, machine, next);
            return;
        }
        response.addHeader(HttpHeaders.SET_COOKIE, cookie(door, person.get(), request));
        response.sendRedirect(next);
    }

    /** By a bearer token of a person, as an SDK has it, or by the cookie of our sign-in page. */
    private Optional<Person> who(Door door, HttpServletRequest request, HttpServletResponse response) {
        if (BearerTokens.has(request)) {
            return bearers.caller(request)
                    .filter(caller -> caller.bound().isEmpty())
                    .map(caller -> new Person(caller.oid(), caller.name()));
        }
        Cookie[] cookies = request.getCookies() == null ? new Cookie[0] : request.getCookies();
        Optional<Visit> visit = Arrays.stream(cookies)
                .filter(cookie -> cookie.getName().equals(door.cookie()))
                .flatMap(cookie -> visits.read(door.prefix(), cookie.getValue()).stream())
                .findFirst();
        visit.filter(Visit::stale)
                .ifPresent(old -> response.addHeader(HttpHeaders.SET_COOKIE, cookie(door, old.person(), request)));
        return visit.map(Visit::person);
    }

    private String cookie(Door door, Person person, HttpServletRequest request) {
        return ResponseCookie.from(door.cookie(), visits.issue(door.prefix(), person))
                .path(door.prefix())
                .httpOnly(true)
                .secure(request.isSecure())
                // Strict would ask anew whoever follows a link from the emulator's own page, which has another scheme.
                .sameSite("Lax")
                .maxAge(Visits.LIFE)
                .build()
                .toString();
    }

    private void letIn(Machine machine, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > NotebookProxy.LARGEST_BODY) {
            refuse(Errors.tooLarge("The body", NotebookProxy.LARGEST_BODY), request, response);
            return;
        }
        try {
            Optional<Optional<Notebooks>> server = servers.of(machine, isPage(request) ? GLANCE : PATIENCE);
            if (server.isEmpty()) {
                MachinePages.starting(response, machine);
            } else if (server.get().isEmpty()) {
                notThere(
                        409,
                        "The compute instance '%s' is not running.".formatted(machine.name()),
                        machine,
                        request,
                        response);
            } else if (isWebSocket(request)) {
                tunnel(server.get().get(), request, response);
            } else {
                proxy.forward(request, response, server.get().get());
            }
        } catch (IOException e) {
            LOG.debug("The Jupyter server of {}: {}", machine.id(), e.getMessage());
            if (!response.isCommitted()) {
                notThere(
                        502,
                        "The Jupyter server of '%s' cannot be reached: %s".formatted(machine.name(), e.getMessage()),
                        machine,
                        request,
                        response);
            }
        }
    }

    private void tunnel(Notebooks server, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (!tunnels.tryAcquire()) {
            refuse(
                    new AzureError(429, "TooManyRequests", "%d connections are open already.".formatted(MOST_TUNNELS)),
                    request,
                    response);
            return;
        }
        ServerConnection connection = null;
        try {
            connection = ServerConnection.ask(request, server);
            if (connection.status() == SWITCHING) {
                response.setHeader(HttpHeaders.UPGRADE, "websocket");
                response.setHeader(HttpHeaders.CONNECTION, "Upgrade");
                connection.headers().forEach(header -> response.addHeader(header.name(), header.value()));
                request.upgrade(Tunnel.class).to(connection, tunnels::release);
                connection = null;
            } else {
                response.setStatus(connection.status());
            }
        } finally {
            if (connection != null) {
                connection.close();
                tunnels.release();
            }
        }
    }

    private void notThere(
            int status, String why, Machine machine, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (isPage(request)) {
            MachinePages.problem(response, status, machine, why);
        } else {
            String code = Map.of(404, "NotFound", 409, "Conflict").getOrDefault(status, "BadGateway");
            refuse(new AzureError(status, code, why), request, response);
        }
    }

    private void refuse(AzureError error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        refusals.send(error, request, response);
    }

    private static boolean isPage(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return request.getMethod().equals("GET")
                && accepted != null
                && accepted.toLowerCase(Locale.ROOT).contains("text/html");
    }

    private static boolean isWebSocket(HttpServletRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
                && request.getMethod().equals("GET");
    }

    private static String withoutSlash(String rest) {
        return rest.startsWith("/") ? rest.substring(1) : rest;
    }
}
