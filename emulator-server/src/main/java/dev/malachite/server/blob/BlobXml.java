package dev.malachite.server.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
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

    private static final XMLInputFactory READERS = readers();

    private BlobXml() {}

    /** The ids that a block list names, in order. */
    static List<String> blockList(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw BlobException.bodyTooLarge(MAX_BYTES);
        }
        List<String> ids = new ArrayList<>();
        try {
            XMLStreamReader reader = READERS.createXMLStreamReader(new ByteArrayInputStream(bytes));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    switch (reader.getLocalName()) {
                        case "BlockList" -> {}
                        // Which blocks the present content is made of is not kept, so Committed finds none.
                        case "Latest", "Uncommitted" ->
                            ids.add(reader.getElementText().strip());
                        default -> throw BlobException.invalidBlockList();
                    }
                }
            }
        } catch (XMLStreamException e) {
            throw BlobException.invalidXml();
        }
        if (ids.size() > MAX_BLOCKS) {
            throw BlobException.invalidBlockList();
        }
        return ids;
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
