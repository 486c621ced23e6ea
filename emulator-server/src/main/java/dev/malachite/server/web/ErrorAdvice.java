package dev.malachite.server.web;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.server.disk.DiskFull;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.databind.node.ObjectNode;

/** Turns every failure into the envelope of the API family that was called; never a class name, never a stack. */
@RestControllerAdvice
class ErrorAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAdvice.class);

    /** As {@code spring.servlet.multipart} has it. */
    private static final long MAX_PART = 301 * 1024 * 1024;

    @ExceptionHandler
    ResponseEntity<ObjectNode> azure(AzureException e, HttpServletRequest request) {
        return answer(e.error(), request);
    }

    @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
    ResponseEntity<ObjectNode> noRoute(HttpServletRequest request) {
        return answer(Errors.noSuchRoute(request.getRequestURI()), request);
    }

    @ExceptionHandler
    ResponseEntity<ObjectNode> wrongMethod(HttpRequestMethodNotSupportedException e, HttpServletRequest request) {
        String[] supported = e.getSupportedMethods();
        return answer(
                Errors.methodNotAllowed(e.getMethod(), supported == null ? List.of() : Arrays.asList(supported)),
                request);
    }

    @ExceptionHandler
    ResponseEntity<ObjectNode> wrongParameter(MethodArgumentTypeMismatchException e, HttpServletRequest request) {
        return answer(Errors.invalidParameter(e.getName(), "'" + e.getValue() + "' has the wrong form."), request);
    }

    /** Percent signs that mean nothing, and more parameters than anybody needs. */
    @ExceptionHandler(InvalidParameterException.class)
    ResponseEntity<ObjectNode> unreadableParameters(HttpServletRequest request) {
        return answer(Errors.invalidContent("the parameters of the request cannot be read"), request);
    }

    @ExceptionHandler
    ResponseEntity<ObjectNode> missingParameter(MissingServletRequestParameterException e, HttpServletRequest request) {
        return answer(Errors.invalidParameter(e.getParameterName(), "it is required."), request);
    }

    @ExceptionHandler
    ResponseEntity<ObjectNode> multipart(MultipartException e, HttpServletRequest request) {
        return answer(
                e instanceof MaxUploadSizeExceededException
                        ? Errors.tooLarge("A part of the request", MAX_PART)
                        : Errors.invalidContent("the parts of the body cannot be told apart"),
                request);
    }

    /** The reader of a stream has gone: nobody is there to be answered, and nothing went wrong. */
    @ExceptionHandler(AsyncRequestNotUsableException.class)
    void gone() {}

    /** 507 rather than 500 or 503: the SDKs try those again at once, which helps nobody here. */
    @ExceptionHandler
    ResponseEntity<ObjectNode> diskFull(DiskFull e, HttpServletRequest request) {
        return answer(new AzureError(507, "InsufficientStorage", e.reason()), request);
    }

    @ExceptionHandler
    ResponseEntity<ObjectNode> ours(Exception e, HttpServletRequest request) {
        Optional<DiskFull> full = DiskFull.behind(e);
        if (full.isPresent()) {
            LOG.warn("{} {} was refused: the disk is full", request.getMethod(), request.getRequestURI());
            return diskFull(full.get(), request);
        }
        LOG.error("{} {} failed: a bug in the emulator", request.getMethod(), request.getRequestURI(), e);
        return answer(
                new AzureError(
                        500, "InternalServerError", "The emulator failed; its log says where. Please report it."),
                request);
    }

    static ResponseEntity<ObjectNode> answer(AzureError error, HttpServletRequest request) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(error.status()).contentType(MediaType.APPLICATION_JSON);
        if (error.code().equals("ParentResourceNotFound") || error.code().equals("ResourceGroupNotFound")) {
            answer.header("x-ms-failure-cause", "gateway");
        }
        if (error.status() == 401) {
            answer.header(
                    HttpHeaders.WWW_AUTHENTICATE,
                    "Bearer authorization_uri=\"" + Caller.of(request).base() + "/adfs\", error=\"invalid_token\"");
        }
        return answer.body(Envelopes.of(error, request.getRequestURI()));
    }
}
