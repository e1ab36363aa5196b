package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.api.ServiceInfo;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.EntryBundle;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.NoteVerifier;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.Statement;
import coffer.core.tlog.TileId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The transparency log as anybody reads it.
class TlogApiTest extends ServiceHarness {

    private NoteVerifier key() throws Exception {
        return NoteVerifier.parse(client.get(null, "/v1/service").json(ServiceInfo.class).log());
    }

    private Checkpoint checkpoint() throws Exception {
        TestClient.Answer answer = client.get(null, "/tlog/checkpoint").expect(200);
        assertThat(answer.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(answer.header("cache-control")).isEqualTo("no-cache");
        return Checkpoint.open(answer.body(), key());
    }

    /// Waits for heads that are put into the log in the background.
    private Checkpoint checkpoint(long size) throws Exception {
        Checkpoint checkpoint = checkpoint();
        for (int i = 0; i < 1_000 && checkpoint.size() < size; i++) {
            Thread.sleep(10);
            checkpoint = checkpoint();
        }
        assertThat(checkpoint.size()).isEqualTo(size);
        return checkpoint;
    }

    private byte[] get(TileId tile) throws Exception {
        TestClient.Answer answer = client.get(null, "/tlog/" + tile.path()).expect(200);
        assertThat(answer.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(answer.header("cache-control")).contains("immutable");
        return answer.body();
    }

    /// Every statement, after verifying the tree.
    private List<Statement> statements(Checkpoint checkpoint) throws Exception {
        List<Statement> statements = new ArrayList<>();
        Frontier frontier = Frontier.EMPTY;
        for (long index = 0; index * TileId.WIDTH < checkpoint.size(); index++) {
            TileId tile = TileId.at(TileId.Kind.ENTRIES, 0, index, checkpoint.size());
            for (byte[] entry : EntryBundle.decode(get(tile), tile.width())) {
                frontier = frontier.with(MerkleTree.leaf(entry));
                statements.add(Statement.decode(entry));
            }
        }
        assertThat(frontier.root()).isEqualTo(checkpoint.root());
        return statements;
    }

    @Test
    void aNewService_statesItsRegionProviderAndPlacement() throws Exception {
        ProviderDirectory directory = ProviderDirectory.EMPTY;
        for (Statement statement : statements(checkpoint(4))) {
            directory = directory.with(statement);
        }
        assertThat(directory.regions()).containsOnlyKeys(REGION);
        ProviderDirectory.Provider provider = directory.provider("local").orElseThrow();
        assertThat(provider.state()).isEqualTo(ProviderState.ACTIVE);
        assertThat(provider.stated().origins()).containsExactly(client.origin());
        assertThat(directory.region(REGION).orElseThrow().copies()).contains(1);
        assertThat(key().name()).isEqualTo(client.origin().substring("http://".length()) + "/tlog");
    }

    @Test
    void aRestart_statesOnlyWhatChanged() throws Exception {
        checkpoint(4);
        String origin = client.origin();
        restart(Map.of("listen", origin.substring("http://".length())));
        checkpoint(4);
        restart(Map.of("origins", "https://cloud.example"));
        assertThat(statements(checkpoint(5)).getLast())
                .isInstanceOfSatisfying(Statement.ProviderStated.class, stated ->
                        assertThat(stated.origins()).containsExactly("https://cloud.example"));
    }

    private void appendSettings(TestAccount account) throws Exception {
        Entry entry = account.next(account.device, 1, new Control.Settings());
        client.put(account.token(), entry).expect(201);
        account.applied(entry);
    }

    @Test
    void everyEntryOfAnAccountsLog_standsInTheLogOnce_andNoOtherEntryDoes() throws Exception {
        TestAccount account = account(1);
        Head genesis = account.state().head();
        appendSettings(account);
        Head settings = account.state().head();
        Checkpoint checkpoint = checkpoint(6);
        assertThat(statements(checkpoint).stream().filter(Statement.AccountHead.class::isInstance))
                .containsExactly(
                        Statement.AccountHead.of(account.id(), genesis), Statement.AccountHead.of(account.id(), settings));
        appendSettings(account);
        restart(Map.of("listen", client.origin().substring("http://".length())));
        checkpoint(7);
    }

    @Test
    void tiles_areServedInEveryWidthThatACheckpointCovers_andNoOther() throws Exception {
        checkpoint(4);
        byte[] four = get(TileId.hashes(0, 0, 4));
        assertThat(four).hasSize(4 * 32);
        assertThat(get(TileId.hashes(0, 0, 1))).isEqualTo(Arrays.copyOf(four, 32));
        for (String path : List.of(
                "tile/0/000.p/5",
                "tile/0/000",
                "tile/1/000.p/1",
                "tile/0/001.p/1",
                "tile/0/000.p/0",
                "tile/0/000.p/04",
                "tile/0/0.p/4",
                "tile/00/000.p/4",
                "tile/0/x000/000.p/4",
                "tile/0/000.p",
                "tile/0",
                "tile/entries/000.p/5",
                "tile/64/000.p/1",
                "tile/0/999/999/999/999/999/999/999",
                "tile",
                "")) {
            client.get(null, "/tlog/" + path).problem(404, "not-found");
        }
        client.put(null, "/tlog/checkpoint", "text/plain", new byte[1]).problem(405, "method-not-allowed");
    }
}
