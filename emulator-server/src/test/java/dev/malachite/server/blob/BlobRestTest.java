package dev.malachite.server.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.web.Caller;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What contracts say of the blob endpoint: sdk-v1 5.3, sdk-v2 6. */
class BlobRestTest extends FilesTest {

    private static final Caller CALLER = new Caller("https", "localhost:10443");

    @Autowired
    private BlobUrls urls;

    @Autowired
    private BlobStore store;

    @Autowired
    private SharedAccess sas;

    @Autowired
    private StorageAccount account;

    private final String container = Containers.newCode();

    @BeforeEach
    void makeContainer() throws Exception {
        store.createContainer(container);
    }

    @Test
    void whatTheV1SdkUploadsIsReadBackAndUploadedAgain() {
        String url = urls.write(CALLER, blob("outputs/my model é.txt"));
        assertThat(url)
                .startsWith("https://malachite.blob.core.emu@localhost:10443/" + container + "/outputs/my%20model");

        HttpResponse<byte[]> created = upload(url, "one");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("ETag")).isPresent();
        assertThat(created.headers().firstValue("x-ms-request-id")).isPresent();

        HttpResponse<byte[]> head = send(to(url).HEAD());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).contains("3");
        assertThat(head.headers().firstValue("x-ms-blob-type")).contains("BlockBlob");

        assertThat(upload(url, "two!").statusCode()).isEqualTo(201);
        assertThat(text(get(urls.read(CALLER, blob("outputs/my model é.txt"))))).isEqualTo("two!");
    }

    @Test
    void userInfoInTheUrlIsIgnored() {
        store(blob("a.txt"), "x");
        HttpResponse<byte[]> answer = send(to(urls.read(CALLER, blob("a.txt")))
                .header("Authorization", "Basic bWFsYWNoaXRlLmJsb2IuY29yZS5lbXU6")
                .GET());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void aMissingBlobSaysSoInItsHeader() {
        HttpResponse<byte[]> head = send(to(urls.read(CALLER, blob("none"))).HEAD());
        assertThat(head.statusCode()).isEqualTo(404);
        assertThat(errorCode(head)).isEqualTo("BlobNotFound");
        HttpResponse<byte[]> get = get(urls.read(CALLER, blob("none")));
        assertThat(text(get)).contains("<Error><Code>BlobNotFound</Code><Message>");
    }

    @Test
    void rangesAreServedClippedAndRefused() {
        store(blob("log.txt"), "0123456789");
        store(blob("empty.txt"), "");
        HttpResponse<byte[]> some = range(blob("log.txt"), "bytes=2-4");
        assertThat(some.statusCode()).isEqualTo(206);
        assertThat(text(some)).isEqualTo("234");
        assertThat(some.headers().firstValue("Content-Range")).contains("bytes 2-4/10");
        assertThat(text(range(blob("log.txt"), "bytes=8-33554431"))).isEqualTo("89");
        assertThat(range(blob("log.txt"), "bytes=10-").statusCode()).isEqualTo(416);
        HttpResponse<byte[]> empty = range(blob("empty.txt"), "bytes=0-33554431");
        assertThat(empty.statusCode()).isEqualTo(416);
        assertThat(errorCode(empty)).isEqualTo("InvalidRange");
        assertThat(get(urls.read(CALLER, blob("empty.txt"))).statusCode()).isEqualTo(200);
    }

    @Test
    void aLogIsReadWhileItGrows() throws Exception {
        BlobAddress log = blob("user_logs/std_log.txt");
        Files.writeString(store.fileToAppend(log), "one\n");
        assertThat(text(get(urls.read(CALLER, log)))).isEqualTo("one\n");
        Files.writeString(store.fileToAppend(log), "two\n", StandardOpenOption.APPEND);
        assertThat(text(get(urls.read(CALLER, log)))).isEqualTo("one\ntwo\n");
    }

    @Test
    void blocksArePutTogetherInTheOrderOfTheList() {
        String url = urls.write(CALLER, blob("big"));
        // The SDK encodes a block id, and encodes it again for the URL.
        String one = Base64.getEncoder().encodeToString("%2B%2F0001".getBytes(StandardCharsets.UTF_8));
        String two = Base64.getEncoder().encodeToString("%2B%2F0002".getBytes(StandardCharsets.UTF_8));
        assertThat(block(url, two, "World").statusCode()).isEqualTo(201);
        assertThat(block(url, one, "Hello").statusCode()).isEqualTo(201);
        assertThat(send(to(url).HEAD()).statusCode()).isEqualTo(404);
        assertThat(blockList(url, one, two).statusCode()).isEqualTo(201);
        assertThat(text(get(url))).isEqualTo("HelloWorld");
        assertThat(blockList(url, two).statusCode()).isEqualTo(201);
        assertThat(text(get(url))).isEqualTo("World");
        assertThat(errorCode(blockList(url, "bm9uZQ=="))).isEqualTo("InvalidBlockList");
        for (String odd : List.of("é".repeat(100), "a".repeat(101), "YQ==\n5 Yg==", "../a")) {
            assertThat(errorCode(block(url, odd, "x"))).isEqualTo("InvalidBlockId");
            assertThat(errorCode(blockList(url, odd))).isEqualTo("InvalidBlockList");
        }
        assertThat(errorCode(send(to(url + "&comp=blocklist").PUT(BodyPublishers.ofString("<BlockList>")))))
                .isEqualTo("InvalidXmlDocument");
    }

    @Test
    void metadataKeepsTheCaseOfItsKeys() {
        String url = urls.write(CALLER, blob("src/train.py"));
        upload(url, "x");
        HttpResponse<byte[]> set = send(to(url + "&comp=metadata")
                .header("x-ms-meta-upload_status", "completed")
                .header("x-ms-meta-Name", "Mixed")
                .PUT(BodyPublishers.noBody()));
        assertThat(set.statusCode()).isEqualTo(200);
        assertThat(send(to(url).HEAD()).headers().map()).containsKeys("x-ms-meta-upload_status", "x-ms-meta-Name");
        assertThat(text(list("&include=metadata")))
                .contains("<upload_status>completed</upload_status>", "<Name>Mixed</Name>");
    }

    @Test
    void listsFoldAtTheDelimiterAndComeInPages() {
        for (String name : List.of("a", "a/b", "a/c/d", "B", "x//y", "..", "z.")) {
            store(blob(name), name);
        }
        store(blob("l".repeat(1000)), "long");
        assertThat(names(text(list(""))))
                .containsExactly("..", "B", "a", "a/b", "a/c/d", "l".repeat(1000), "x//y", "z.");
        assertThat(names(text(list("&prefix=a%2F&delimiter=%2F")))).containsExactly("a/b", "a/c/");
        assertThat(names(text(list("&prefix=l")))).containsExactly("l".repeat(1000));
        List<String> paged = new ArrayList<>();
        String marker = "";
        do {
            String page = text(list("&maxresults=3&marker=" + marker));
            paged.addAll(names(page));
            marker = between(page, "NextMarker").getFirst();
        } while (!marker.isEmpty());
        assertThat(paged).hasSize(8).isSorted();
        assertThat(errorCode(list("&maxresults=0"))).isEqualTo("OutOfRangeQueryParameterValue");
    }

    @Test
    void aSignatureIsGoodForItsResourceItsRightsAndItsTimeOnly() {
        store(blob("a"), "x");
        store(blob("b"), "y");
        String read = urls.read(CALLER, blob("a"));
        assertThat(errorCode(upload(read, "z"))).isEqualTo("AuthorizationPermissionMismatch");
        assertThat(errorCode(get(read.replace("/a?", "/b?")))).isEqualTo("AuthenticationFailed");
        assertThat(errorCode(get(read.replace("sp=r", "sp=rw")))).isEqualTo("AuthenticationFailed");
        assertThat(errorCode(get("/" + container + "/a?" + sas.forBlob(blob("a"), "r", Duration.ofSeconds(-1)))))
                .isEqualTo("AuthenticationFailed");
        assertThat(errorCode(get("/malachite/" + container + "/a"))).isEqualTo("AuthenticationFailed");
        assertThat(text(get("/malachite"
                        + URI.create(read.replace("malachite.blob.core.emu@", ""))
                                .getRawPath() + "?" + read.substring(read.indexOf('?') + 1))))
                .isEqualTo("x");
    }

    @Test
    void theHolderOfTheKeyIsHeldToItsConditions() {
        assertThat(signedPut("k", "*").statusCode()).isEqualTo(201);
        HttpResponse<byte[]> again = signedPut("k", "*");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(errorCode(again)).isEqualTo("BlobAlreadyExists");
    }

    @Test
    void aDamagedUploadLeavesNothing() {
        String url = urls.write(CALLER, blob("damaged"));
        HttpResponse<byte[]> answer = send(to(url).header("x-ms-blob-type", "BlockBlob")
                .header("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==")
                .PUT(BodyPublishers.ofString("content")));
        assertThat(errorCode(answer)).isEqualTo("Md5Mismatch");
        assertThat(send(to(url).HEAD()).statusCode()).isEqualTo(404);
    }

    @Test
    void theV1SdkEncodesNamesTwice() {
        String url = urls.write(CALLER, blob("sub dir/é.py"));
        String twice = url.substring(0, url.indexOf('?')).replace("%", "%25") + url.substring(url.indexOf('?'));
        assertThat(upload(twice, "x").statusCode()).isEqualTo(201);
        assertThat(text(get(twice))).isEqualTo("x");
        assertThat(text(get(url))).isEqualTo("x");
    }

    @Test
    void aNameWhoseSlashesAreEncodedIsTheSameName() {
        store(blob("a/b c"), "x");
        String url = urls.read(CALLER, blob("a/b c")).replace("/a/b", "/a%2Fb");
        assertThat(text(get(url))).isEqualTo("x");
    }

    private BlobAddress blob(String name) {
        return new BlobAddress(container, name);
    }

    private void store(BlobAddress blob, String content) {
        assertThat(upload(urls.write(CALLER, blob), content).statusCode()).isEqualTo(201);
    }

    private HttpResponse<byte[]> range(BlobAddress blob, String range) {
        return send(to(urls.read(CALLER, blob)).header("x-ms-range", range).GET());
    }

    private HttpResponse<byte[]> block(String url, String id, String content) {
        return send(to(url + "&comp=block&blockid=" + Percent.encode(id)).PUT(BodyPublishers.ofString(content)));
    }

    private HttpResponse<byte[]> blockList(String url, String... ids) {
        StringBuilder xml = new StringBuilder("<?xml version='1.0' encoding='utf-8'?><BlockList>");
        for (String id : ids) {
            xml.append("<Latest>").append(id).append("</Latest>");
        }
        return send(to(url + "&comp=blocklist").PUT(BodyPublishers.ofString(xml + "</BlockList>")));
    }

    private HttpResponse<byte[]> list(String query) {
        return get(urls.writableContainer(CALLER, container) + "&restype=container&comp=list" + query);
    }

    /** Signs as azure-storage-blob does. */
    private HttpResponse<byte[]> signedPut(String name, String ifNoneMatch) {
        String date = BlobReads.httpDate(Instant.now());
        String path = "/malachite/" + container + "/" + name;
        String text = "PUT\n\n\n1\n\n\n\n\n\n" + ifNoneMatch + "\n\n\nx-ms-blob-type:BlockBlob\nx-ms-date:" + date
                + "\nx-ms-version:2021-08-06\n/malachite" + path + "\ntimeout:30";
        HttpRequest.Builder request = to(path + "?timeout=30")
                .header("x-ms-blob-type", "BlockBlob")
                .header("x-ms-date", date)
                .header("x-ms-version", "2021-08-06")
                .header("If-None-Match", ifNoneMatch)
                .header("Authorization", "SharedKey malachite:" + account.sign(text));
        return send(request.PUT(BodyPublishers.ofString("x")));
    }

    private static List<String> names(String xml) {
        return between(xml, "Name");
    }

    private static List<String> between(String xml, String element) {
        List<String> found = new ArrayList<>();
        Matcher matcher =
                Pattern.compile("<" + element + ">([^<]*)</" + element + ">").matcher(xml);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
