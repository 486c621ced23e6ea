package dev.malachite.server.blob;

import dev.malachite.server.web.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Answers what concerns the account: its containers, its settings, keys for the holders of tokens. */
@Component
class ServiceCalls {

    private static final String RETENTION = "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>";

    private static final String PROPERTIES = "<StorageServiceProperties><Logging><Version>1.0</Version>"
            + "<Delete>false</Delete><Read>false</Read><Write>false</Write>" + RETENTION + "</Logging>"
            + "<HourMetrics><Version>1.0</Version><Enabled>false</Enabled>" + RETENTION + "</HourMetrics>"
            + "<MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>" + RETENTION + "</MinuteMetrics>"
            + "<Cors/><DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>"
            + "<StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>";

    private final BlobStore store;
    private final ContainerRecords records;
    private final DelegatedKeys keys;

    ServiceCalls(BlobStore store, ContainerRecords records, DelegatedKeys keys) {
        this.store = store;
        this.records = records;
        this.keys = keys;
    }

    void list(BlobRequest request, HttpServletResponse response) throws IOException {
        Query query = request.query();
        String prefix = query.text("prefix");
        int limit = Pages.limit(query);
        String start = Pages.start(query);
        boolean metadata = Arrays.asList(query.text("include").split(",", -1)).contains("metadata");
        List<String> names = store.containers().stream()
                .filter(name -> name.startsWith(prefix) && name.compareTo(start) >= 0)
                .toList();
        StringBuilder xml = new StringBuilder(BlobXml.DECLARATION)
                .append("<EnumerationResults ServiceEndpoint=\"")
                .append(BlobXml.escape(Caller.of(request.http()).base() + "/"))
                .append("\">");
        xml.append(BlobXml.name("Prefix", prefix));
        query.get("marker").ifPresent(marker -> xml.append(BlobXml.element("Marker", marker)));
        query.get("maxresults").ifPresent(max -> xml.append(BlobXml.element("MaxResults", String.valueOf(limit))));
        xml.append("<Containers>");
        for (String name : names.subList(0, Math.min(limit, names.size()))) {
            container(records.read(name), metadata, xml);
        }
        String next = names.size() > limit ? Pages.marker(names.get(limit)) : "";
        xml.append("</Containers>").append(BlobXml.element("NextMarker", next)).append("</EnumerationResults>");
        BlobXml.send(xml, response);
    }

    void properties(HttpServletResponse response) throws IOException {
        BlobXml.send(new StringBuilder(BlobXml.DECLARATION).append(PROPERTIES), response);
    }

    void account(HttpServletResponse response) {
        response.setHeader("x-ms-sku-name", "Standard_LRS");
        response.setHeader("x-ms-account-kind", "StorageV2");
        response.setHeader("x-ms-is-hns-enabled", "false");
    }

    void delegatedKey(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        if (!(access instanceof BlobAccess.Bearer bearer)) {
            throw BlobException.authenticationFailed("A user delegation key is given to the holder of a token only.");
        }
        Map<String, String> wanted = BlobXml.texts(request.http().getInputStream(), Set.of("Start", "Expiry"));
        StringBuilder xml = new StringBuilder(BlobXml.DECLARATION).append("<UserDelegationKey>");
        keys.issue(
                        bearer.caller(),
                        wanted.getOrDefault("Start", ""),
                        wanted.getOrDefault("Expiry", ""),
                        request.header("x-ms-version").orElse("2021-08-06"))
                .forEach((name, value) -> xml.append(BlobXml.element(name, value)));
        BlobXml.send(xml.append("</UserDelegationKey>"), response);
    }

    private static void container(ContainerRecord record, boolean metadata, StringBuilder xml) {
        xml.append("<Container>").append(BlobXml.element("Name", record.name())).append("<Properties>");
        xml.append(BlobXml.element("Last-Modified", BlobReads.httpDate(record.modified())));
        xml.append(BlobXml.element("Etag", record.etag()));
        xml.append("<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>");
        xml.append("<DefaultEncryptionScope>$account-encryption-key</DefaultEncryptionScope>");
        xml.append("<DenyEncryptionScopeOverride>false</DenyEncryptionScopeOverride>");
        xml.append("<HasImmutabilityPolicy>false</HasImmutabilityPolicy><HasLegalHold>false</HasLegalHold>");
        xml.append("<ImmutableStorageWithVersioningEnabled>false</ImmutableStorageWithVersioningEnabled>");
        xml.append("</Properties>");
        if (metadata) {
            xml.append("<Metadata>");
            record.metadata().forEach((name, value) -> xml.append(BlobXml.element(name, value)));
            xml.append("</Metadata>");
        }
        xml.append("</Container>");
    }
}
