package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.api.HeadInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/spec/service-api.yaml says what the code does: the same routes, the same bodies, the same problems.
class ApiDescriptionTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "head", "patch", "options");
    /// Records of the package that are no bodies.
    private static final Set<String> NOT_BODIES = Set.of("SessionStatement");

    private final JsonNode api = read();

    @TempDir
    private Path data;

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(new File("../docs/spec/service-api.yaml"));
        } catch (IOException e) {
            throw new AssertionError("the description cannot be read", e);
        }
    }

    @Test
    void routes_areTheDescribedOnes() throws Exception {
        Set<String> described = new TreeSet<>();
        api.get("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(operation -> METHODS.contains(operation.getKey()))
                .forEach(operation ->
                        described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
        Set<String> routed = new TreeSet<>();
        try (Service service = Service.start(ServiceConfig.of(data))) {
            service.routes().forEach(route -> routed.add(route.method() + " " + route.template()));
        }
        assertThat(routed).isNotEmpty().isEqualTo(described);
    }

    @Test
    void routesOfTheOperatorsPort_areTheDescribedOnes() throws Exception {
        JsonNode admin = new YAMLMapper().readTree(new File("../docs/spec/admin-api.yaml"));
        Set<String> described = new TreeSet<>();
        admin.get("paths").properties().forEach(path -> path.getValue().fieldNames().forEachRemaining(
                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        Set<String> routed = new TreeSet<>();
        try (Service service = Service.start(ServiceConfig.of(data))) {
            service.care().routes().forEach(route -> routed.add(route.method() + " " + route.template()));
        }
        assertThat(routed).isNotEmpty().isEqualTo(described);
    }

    @Test
    void operations_haveUniqueNamesAndDescribeTheirPathParameters() {
        Set<String> names = new TreeSet<>();
        api.get("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            assertThat(names.add(operation.getValue().get("operationId").asText())).isTrue();
            Set<String> parameters = new TreeSet<>();
            operation.getValue().path("parameters").forEach(parameter -> parameters.add(name(parameter)));
            for (String segment : path.getKey().split("/", -1)) {
                if (segment.startsWith("{")) {
                    assertThat(parameters).contains(segment.substring(1, segment.length() - 1));
                }
            }
        }));
    }

    private String name(JsonNode parameter) {
        return resolve(parameter).get("name").asText();
    }

    private JsonNode resolve(JsonNode node) {
        if (!node.has("$ref")) {
            return node;
        }
        JsonNode target = api;
        for (String part : node.get("$ref").asText().substring(2).split("/", -1)) {
            target = target.path(part);
        }
        assertThat(target.isMissingNode()).as(node.toString()).isFalse();
        return target;
    }

    @Test
    void references_leadSomewhere() {
        api.findParents("$ref").forEach(this::resolve);
    }

    @Test
    void schemas_haveTheFieldsOfTheRecords() throws Exception {
        Set<String> records = new TreeSet<>();
        for (Class<?> type : bodies()) {
            records.add(type.getSimpleName());
            JsonNode schema = api.at("/components/schemas/" + type.getSimpleName());
            assertThat(schema.isMissingNode()).as(type.getSimpleName()).isFalse();
            Set<String> fields = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> described = new TreeSet<>();
            schema.get("properties").fieldNames().forEachRemaining(described::add);
            assertThat(described).as(type.getSimpleName()).isEqualTo(fields);
        }
        assertThat(records).hasSizeGreaterThan(20);
        Set<String> described = new TreeSet<>();
        api.at("/components/schemas").fieldNames().forEachRemaining(described::add);
        described.removeAll(Set.of("Id", "Time"));
        assertThat(described).isEqualTo(records);
    }

    private static Set<Class<?>> bodies() throws IOException, URISyntaxException, ClassNotFoundException {
        Path code = Path.of(HeadInfo.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isDirectory(code)) {
            return bodiesIn(code.resolve("coffer/core/api"));
        }
        try (FileSystem jar = FileSystems.newFileSystem(code)) {
            return bodiesIn(jar.getPath("coffer/core/api"));
        }
    }

    private static Set<Class<?>> bodiesIn(Path folder) throws IOException, ClassNotFoundException {
        Set<Class<?>> found = new HashSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (String name : files.map(file -> file.getFileName().toString()).toList()) {
                String simple = name.replace(".class", "");
                if (!simple.equals("package-info") && !NOT_BODIES.contains(simple)) {
                    found.add(Class.forName("coffer.core.api." + simple));
                }
            }
        }
        return found;
    }

    @Test
    void problems_areAllDescribedWithTheirStatus() throws Exception {
        String text = Files.readString(Path.of("../docs/spec/service-api.yaml"))
                + Files.readString(Path.of("../docs/spec/admin-api.yaml"));
        for (ProblemType type : ProblemType.values()) {
            assertThat(text).as(type.slug()).contains(type.slug());
        }
        api.get("paths").forEach(path -> path.forEach(operation -> operation
                .path("responses")
                .properties()
                .forEach(answer -> {
                    String description = answer.getValue().path("description").asText();
                    for (ProblemType type : ProblemType.values()) {
                        if (description.matches(".*(?<![a-z-])" + type.slug() + "(?![a-z-]).*")
                                && answer.getValue().path("content").has("application/problem+json")) {
                            assertThat(answer.getKey()).as(type.slug()).isEqualTo(Integer.toString(type.status()));
                        }
                    }
                })));
    }
}
