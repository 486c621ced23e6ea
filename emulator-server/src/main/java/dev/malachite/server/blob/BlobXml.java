package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads and writes the XML of Azure Storage. */
final class BlobXml {

    static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

    /** Azure's limit of blocks in a blob. */
    private static final int MAX_BLOCKS = 50_000;

    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final int MAX_SMALL = 64 * 1024;

    private static final XMLInputFactory READERS = readers();

    private BlobXml() {}

    /** Where a block list wants a block from. */
    enum From {
        COMMITTED,
        UNCOMMITTED,
        LATEST
    }

    /** A block that a block list names. */
    record Chosen(From from, String id) {}

    /**
     * The blocks that a block list names, in order.
     *
     * @param md5 what the sender says the body's MD5 is
     */
    static List<Chosen> blockList(InputStream body, Optional<String> md5) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw BlobException.bodyTooLarge(MAX_BYTES);
        }
        if (md5.isPresent() && !md5.get().equals(Intake.md5(bytes))) {
            throw BlobException.md5Mismatch();
        }
        List<Chosen> chosen = new ArrayList<>();
        read(bytes, (name, reader) -> {
            switch (name) {
                case "BlockList" -> {}
                case "Committed" -> chosen.add(new Chosen(From.COMMITTED, reader.text()));
                case "Uncommitted" -> chosen.add(new Chosen(From.UNCOMMITTED, reader.text()));
                case "Latest" -> chosen.add(new Chosen(From.LATEST, reader.text()));
                default -> throw BlobException.invalidBlockList();
            }
        });
        if (chosen.size() > MAX_BLOCKS) {
            throw BlobException.invalidBlockList();
        }
        return chosen;
    }

    /** The texts of these elements, by name, wherever they stand. */
    static Map<String, String> texts(InputStream body, Set<String> names) throws IOException {
        byte[] bytes = body.readNBytes(MAX_SMALL + 1);
        if (bytes.length > MAX_SMALL) {
            throw BlobException.bodyTooLarge(MAX_SMALL);
        }
        Map<String, String> texts = new HashMap<>();
        read(bytes, (name, reader) -> {
            if (names.contains(name)) {
                texts.put(name, reader.text());
            }
        });
        return texts;
    }

    /**
     * A page of containers or of blobs.
     *
     * @param etags by name, without quotes
     * @param next empty at the end
     */
    record Listed(Map<String, String> etags, String next) {}

    /** Reads a list as the service sends it. */
    static Listed listed(InputStream body) throws IOException {
        Map<String, String> etags = new HashMap<>();
        StringBuilder name = new StringBuilder();
        StringBuilder next = new StringBuilder();
        read(body.readAllBytes(), (element, reader) -> {
            switch (element) {
                case "Name" -> name.replace(0, name.length(), reader.text());
                case "Etag" -> etags.put(name.toString(), reader.text().replace("\"", ""));
                case "NextMarker" -> next.append(reader.text());
                default -> {}
            }
        });
        return new Listed(etags, next.toString());
    }

    private interface Text {
        String text() throws XMLStreamException;
    }

    private interface Visitor {
        void element(String name, Text text) throws XMLStreamException;
    }

    private static void read(byte[] bytes, Visitor visitor) {
        try {
            XMLStreamReader reader = READERS.createXMLStreamReader(new ByteArrayInputStream(bytes));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    visitor.element(
                            reader.getLocalName(), () -> reader.getElementText().strip());
                }
            }
        } catch (XMLStreamException e) {
            throw BlobException.invalidXml();
        }
    }

    static void send(StringBuilder xml, HttpServletResponse response) throws IOException {
        byte[] bytes = xml.toString().getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/xml");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    static String error(String code, String message) {
        return DECLARATION + "<Error>" + element("Code", code) + element("Message", message) + "</Error>";
    }

    static String element(String name, String text) {
        return "<" + name + ">" + escape(text) + "</" + name + ">";
    }

    /** A name that XML cannot hold is percent-encoded and says so, as Azure does since 2021-02-12. */
    static String name(String element, String name) {
        return isLegal(name)
                ? element(element, name)
                : "<" + element + " Encoded=\"true\">" + Percent.encode(name) + "</" + element + ">";
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\r' -> escaped.append("&#xD;");
                default -> escaped.appendCodePoint(isLegal(c) ? c : '?');
            }
        });
        return escaped.toString();
    }

    private static boolean isLegal(String text) {
        return text.codePoints().allMatch(BlobXml::isLegal);
    }

    private static boolean isLegal(int c) {
        boolean blank = c == '\t' || c == '\n' || c == '\r';
        boolean below = c >= 0x20 && c <= 0xD7FF;
        boolean above = c >= 0xE000 && c != 0xFFFE && c != 0xFFFF;
        return blank || below || above;
    }

    private static XMLInputFactory readers() {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
