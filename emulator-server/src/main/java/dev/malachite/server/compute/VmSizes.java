package dev.malachite.server.compute;

import dev.malachite.engine.VmSize;
import dev.malachite.server.web.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The VM sizes that exist; from {@code vm-sizes.csv}, whose rows were read from the service's own answers. Each region has them
 * all, but for what {@link ComputeSettings} says of it.
 */
@Component
@EnableConfigurationProperties(ComputeSettings.class)
public class VmSizes {

    private static final int MIB_PER_GB = 1024;

    private final Map<String, Entry> byName = new LinkedHashMap<>();
    private final List<Family> families;
    private final RegionSizes regions;

    private record Entry(VmSize size, ObjectNode wire, List<String> computeTypes, boolean lowPriority) {}

    VmSizes(ComputeSettings settings) {
        regions = new RegionSizes(settings.sizes());
        for (Map<String, String> row : rows()) {
            String name = cell(row, "name");
            List<String> types =
                    Arrays.asList(cell(row, "supportedComputeTypes").split("\\|", -1));
            boolean lowPriority = Boolean.parseBoolean(cell(row, "lowPriorityCapable"));
            VmSize size = new VmSize(
                    name,
                    cell(row, "family"),
                    Integer.parseInt(cell(row, "vCPUs")),
                    Integer.parseInt(cell(row, "gpus")),
                    (long) (Double.parseDouble(cell(row, "memoryGB")) * MIB_PER_GB));
            byName.put(name.toLowerCase(Locale.ROOT), new Entry(size, wire(row, size, types), types, lowPriority));
        }
        families = byName.values().stream()
                .map(entry -> new Family(entry.size().family(), entry.size().gpus() > 0))
                .distinct()
                .toList();
    }

    /** The size of that name, compared without case, if a cluster may be made of it in that region. */
    public Optional<VmSize> forCluster(String name, String region) {
        return entry(name, region)
                .filter(entry -> entry.computeTypes().contains("AmlCompute"))
                .map(Entry::size);
    }

    /** The size of that name in that region, whatever it may be used for. */
    Optional<VmSize> named(String name, String region) {
        return entry(name, region).map(Entry::size);
    }

    /** The same for a compute instance. */
    public Optional<VmSize> forInstance(String name, String region) {
        return entry(name, region)
                .filter(entry -> entry.computeTypes().contains("ComputeInstance"))
                .map(Entry::size);
    }

    public boolean lowPriorityCapable(VmSize size) {
        return entry(size.name()).map(Entry::lowPriority).orElse(false);
    }

    /** Machines whose cores are counted together. */
    public record Family(String name, boolean gpus) {}

    /** The family of that name, compared without case. */
    public Optional<Family> family(String name) {
        return families.stream()
                .filter(family -> family.name().equalsIgnoreCase(name))
                .findFirst();
    }

    public List<Family> families() {
        return families;
    }

    /** All sizes of a region as the service lists them. */
    public ArrayNode wire(String region) {
        return wire(region, _ -> true);
    }

    /** Those of them that a compute instance may be given. */
    public ArrayNode forInstances(String region, Predicate<VmSize> which) {
        return wire(region, entry -> entry.computeTypes().contains("ComputeInstance") && which.test(entry.size()));
    }

    private ArrayNode wire(String region, Predicate<Entry> which) {
        ArrayNode list = Json.array();
        byName.values().stream()
                .filter(which)
                .filter(entry -> regions.has(region, entry.size().name()))
                .forEach(entry -> list.add(entry.wire().deepCopy()));
        return list;
    }

    private Optional<Entry> entry(String name, String region) {
        return entry(name).filter(entry -> regions.has(region, entry.size().name()));
    }

    private Optional<Entry> entry(String name) {
        return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    private static ObjectNode wire(Map<String, String> row, VmSize size, List<String> types) {
        ObjectNode json = Json.object()
                .put("name", size.name())
                .put("family", size.family())
                .put("vCPUs", size.vCpus())
                .put("gpus", size.gpus())
                .put("osVhdSizeMB", Long.parseLong(cell(row, "osVhdSizeMB")))
                .put("maxResourceVolumeMB", Long.parseLong(cell(row, "maxResourceVolumeMB")))
                .put("memoryGB", Double.parseDouble(cell(row, "memoryGB")))
                .put("lowPriorityCapable", Boolean.parseBoolean(cell(row, "lowPriorityCapable")))
                .put("premiumIO", Boolean.parseBoolean(cell(row, "premiumIO")));
        if (!cell(row, "priceLinuxDedicated").isEmpty()) {
            ObjectNode prices = json.putObject("estimatedVMPrices")
                    .put("billingCurrency", "USD")
                    .put("unitOfMeasure", "OneHour");
            ArrayNode values = prices.putArray("values");
            price(values, row, "priceLinuxDedicated", "Linux", "Standard");
            price(values, row, "priceLinuxLowPri", "Linux", "LowPriority");
            price(values, row, "priceWinDedicated", "Windows", "Standard");
            price(values, row, "priceWinLowPri", "Windows", "LowPriority");
        }
        ArrayNode supported = json.putArray("supportedComputeTypes");
        types.forEach(supported::add);
        return json;
    }

    private static void price(ArrayNode values, Map<String, String> row, String column, String os, String tier) {
        if (!cell(row, column).isEmpty()) {
            values.addObject()
                    .put("retailPrice", Double.parseDouble(cell(row, column)))
                    .put("osType", os)
                    .put("vmTier", tier);
        }
    }

    private static String cell(Map<String, String> row, String column) {
        return Objects.requireNonNull(row.get(column), column);
    }

    private static List<Map<String, String>> rows() {
        try (InputStream in = Objects.requireNonNull(VmSizes.class.getResourceAsStream("/vm-sizes.csv"));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().toList();
            String[] columns = lines.getFirst().split(",", -1);
            List<Map<String, String>> rows = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",", -1);
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < columns.length; i++) {
                    row.put(columns[i], cells[i]);
                }
                rows.add(row);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
