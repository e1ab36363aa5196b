package coffer.store;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// One page of ListObjectsV2.
///
/// @param objects those with our prefix and a name of ours, in the order given; foreign keys are left out
/// @param next    continuation token; null on the last page
record S3Listing(List<ObjectInfo> objects, @Nullable String next) {

    /// A page of 1,000 keys of 1,024 bytes, five-fold escaped, and room.
    static final int PAGE_BYTES_MAX = 8 << 20;

    private static final XMLInputFactory FACTORY = safeFactory();

    /// @param prefix of the bucket's keys that are ours
    static S3Listing parse(byte[] xml, String prefix) throws StoreCorrupt {
        try {
            return new Parser(FACTORY.createXMLStreamReader(new ByteArrayInputStream(xml)), prefix).parse();
        } catch (XMLStreamException | NumberFormatException e) {
            throw new StoreCorrupt("the provider's listing cannot be read", e);
        }
    }

    /// No document type, so no entities to expand and nothing to fetch.
    private static XMLInputFactory safeFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    private static final class Parser {
        private final XMLStreamReader in;
        private final String prefix;
        private final List<ObjectInfo> objects = new ArrayList<>();
        private String key = "";
        private long size = -1;
        private boolean truncated;
        private @Nullable String next;
        private boolean isListing;

        Parser(XMLStreamReader in, String prefix) {
            this.in = in;
            this.prefix = prefix;
        }

        S3Listing parse() throws XMLStreamException, StoreCorrupt {
            while (in.hasNext()) {
                int event = in.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    start(in.getLocalName());
                } else if (event == XMLStreamConstants.END_ELEMENT && in.getLocalName().equals("Contents")) {
                    add();
                } else if (event == XMLStreamConstants.DTD) {
                    throw new StoreCorrupt("the provider's listing cannot be read");
                }
            }
            if (!isListing || (truncated && next == null)) {
                throw new StoreCorrupt("the provider's listing cannot be read");
            }
            return new S3Listing(List.copyOf(objects), truncated ? next : null);
        }

        private void start(String element) throws XMLStreamException {
            switch (element) {
                case "ListBucketResult" -> isListing = true;
                case "Contents" -> {
                    key = "";
                    size = -1;
                }
                case "Key" -> key = in.getElementText();
                case "Size" -> size = Long.parseLong(in.getElementText());
                case "IsTruncated" -> truncated = in.getElementText().equals("true");
                case "NextContinuationToken" -> next = in.getElementText();
                default -> {
                    // Owners, dates and entity tags: nothing that we rely on.
                }
            }
        }

        private void add() throws StoreCorrupt {
            if (!key.startsWith(prefix) || !ObjectName.isName(key.substring(prefix.length()))) {
                return;
            }
            if (size < 0) {
                throw new StoreCorrupt("the provider's listing cannot be read");
            }
            objects.add(new ObjectInfo(ObjectName.parse(key.substring(prefix.length())), size));
        }
    }
}
