package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Answers a parcel of requests in one: each is admitted and performed by itself, and what becomes of one says nothing
 * about the others. Source: Microsoft's "Blob Batch".
 */
@Component
class BatchCalls {

    /** Azure's limits. */
    private static final int MAX_PARTS = 256;

    private static final int MAX_BYTES = 4 * 1024 * 1024;

    /** What Azure takes in a batch, by its {@code comp}: deletions and tiers. */
    private static final Set<String> TAKEN = Set.of("DELETE ", "PUT tier");

    private final Admission admission;
    private final BlobOperations operations;

    BatchCalls(Admission admission, BlobOperations operations) {
        this.admission = admission;
        this.operations = operations;
    }

    void perform(BlobRequest request, HttpServletResponse response) throws IOException {
        admission.admit(request);
        request.container().ifPresent(container -> operations.requireContainer(request, container));
        byte[] body = request.http().getInputStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw BlobException.bodyTooLarge(MAX_BYTES);
        }
        List<BatchPart> parts = BatchPart.split(
                request.http(),
                request.header("Content-Type").orElse(""),
                new String(body, StandardCharsets.ISO_8859_1));
        if (parts.isEmpty() || parts.size() > MAX_PARTS) {
            throw BlobException.invalidBatch("A batch has 1 to %d requests.".formatted(MAX_PARTS));
        }
        String boundary = "batchresponse_" + UUID.randomUUID();
        StringBuilder answer = new StringBuilder();
        for (BatchPart part : parts) {
            answer.append("--").append(boundary).append("\r\nContent-Type: application/http\r\n");
            answer.append("Content-ID: ").append(part.id()).append("\r\n\r\n");
            answer.append(perform(request, part, response)).append("\r\n");
        }
        answer.append("--").append(boundary).append("--\r\n");
        byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
        response.setContentType("multipart/mixed; boundary=" + boundary);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private String perform(BlobRequest batch, BatchPart part, HttpServletResponse response) throws IOException {
        BatchAnswer answer = new BatchAnswer(response);
        try {
            BlobRequest request = BlobRequest.of(part);
            if (!TAKEN.contains(request.method() + " " + request.query().text("comp"))
                    || request.blob().isEmpty()
                    || (batch.container().isPresent() && !batch.container().equals(request.container()))) {
                throw BlobException.invalidBatch("A batch deletes blobs of its container or sets their tiers.");
            }
            SharedAccess.Admitted admitted = admission.admit(request);
            operations.perform(admitted.request(), admitted.access(), answer);
            return answer.text("");
        } catch (BlobException e) {
            answer.setStatus(e.status());
            answer.setHeader("x-ms-error-code", e.code());
            return answer.text(BlobXml.error(e.code(), e.message()));
        }
    }
}
