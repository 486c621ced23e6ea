package dev.malachite.server.failure;

import dev.malachite.api.AzureError;
import dev.malachite.server.fault.OutsideFault;
import dev.malachite.server.loop.Activity;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.web.Envelopes;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;

/**
 * Lets faults strike requests before anything else looks at them: only here can a connection be dropped without an
 * answer. The control API and the page are never struck.
 */
@Component
class FaultValve extends ValveBase implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final String CONTROL = "/_emulator";
    private static final String PAGE = "/ui/";

    private final SingletonSupplier<RequestFaults> faults;
    private final SingletonSupplier<Commands> commands;
    private final Activity activity;

    /** What strikes is looked for with the first request: it needs the database, for which the web server should not wait. */
    FaultValve(ObjectProvider<RequestFaults> faults, ObjectProvider<Commands> commands, Activity activity) {
        super(true);
        this.faults = SingletonSupplier.of(faults::getObject);
        this.commands = SingletonSupplier.of(commands::getObject);
        this.activity = activity;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(this);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String path = request.getRequestURI();
        // There is none of what Tomcat has refused already, such as a query with a quote in it.
        if (path != null && !isOurs(path)) {
            for (var striking : faults.obtain().striking(request.getMethod(), path)) {
                if (commands.obtain().mayStrike(striking.record()) && ends(striking.fault(), request, response)) {
                    return;
                }
            }
        }
        getNext().invoke(request, response);
    }

    private static boolean isOurs(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.equals("/") || lower.startsWith(PAGE) || lower.startsWith(CONTROL);
    }

    /** Whether nothing more happens to the request. */
    private boolean ends(OutsideFault.OnRequest fault, Request request, Response response) throws IOException {
        return switch (fault) {
            case OutsideFault.Latency latency -> {
                activity.begin();
                try {
                    Thread.sleep(latency.delay());
                    yield false;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("the server stops", e);
                } finally {
                    activity.end();
                }
            }
            case OutsideFault.Throttle throttle -> {
                response.setHeader("Retry-After", Long.toString(throttle.retryAfter()));
                answer(
                        request,
                        response,
                        new AzureError(
                                429,
                                "TooManyRequests",
                                "Too many requests; try again after %d s.".formatted(throttle.retryAfter())));
                yield true;
            }
            case OutsideFault.Failure error -> {
                answer(request, response, new AzureError(error.status(), error.code(), error.message()));
                yield true;
            }
            case OutsideFault.Drop _ -> {
                request.getCoyoteRequest().action(ActionCode.CLOSE_NOW, null);
                yield true;
            }
        };
    }

    private static void answer(Request request, Response response, AzureError error) throws IOException {
        byte[] body = Envelopes.of(error, request.getRequestURI()).toString().getBytes(StandardCharsets.UTF_8);
        response.setStatus(error.status());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.finishResponse();
    }
}
