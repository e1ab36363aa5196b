package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.api.CopyCount;
import coffer.core.log.Control;
import coffer.core.log.DeviceState;
import coffer.core.log.Entry;
import coffer.core.log.MemberRole;
import coffer.core.log.Residence;
import coffer.core.log.Role;
import coffer.core.log.VaultState;
import coffer.core.tlog.ProviderDirectory;
import coffer.device.Device.LeftCopies;
import coffer.device.Device.Problem;
import coffer.device.Device.ProviderStanding;
import coffer.device.Device.RegionChoice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The region of a vault: which there are, how another is chosen, and what the service still has where the vault was
/// (docs/spec/placement.md, "Moving a vault").
final class Residency {

    private final Vault vault;
    private final ServiceApi service;
    private final LogWatch watch;

    Residency(Vault vault, ServiceApi service, LogWatch watch) {
        this.vault = vault;
        this.service = service;
        this.watch = watch;
    }

    /// Signs another region into the vault's log; false if it is the present one.
    boolean choose(String region) throws CofferException {
        watch.follow(true);
        Optional<ErrorCode> frozen = watch.frozen();
        if (frozen.isPresent()) {
            throw LogAlarm.of(frozen.get());
        }
        requireChoice(region);
        boolean[] chosen = {false};
        vault.append((now, accountLog) -> {
            chosen[0] = !now.region().equals(region);
            return chosen[0] ? entry(now, accountLog, region) : null;
        });
        return chosen[0];
    }

    private void requireChoice(String region) throws CofferException {
        RegionChoice choice = choices().stream()
                .filter(one -> one.id().equals(region))
                .findFirst()
                .orElseThrow(() -> new CofferException(
                        ErrorCode.LOCAL,
                        "The transparency log names no such region.",
                        Map.of("region", region, CofferException.ADVICE, "Nothing was changed. `coffer region` lists them.")));
        if (choice.providers() == 0) {
            throw new CofferException(
                    ErrorCode.RESIDENCY,
                    "No provider of that region takes packs now.",
                    Map.of("region", region, CofferException.ADVICE, "Nothing was changed. Choose another, or ask the operator."));
        }
    }

    private Entry entry(VaultState now, AccountLog accountLog, String region) throws CofferException {
        DeviceState self = accountLog.state().devices().get(vault.maker().author());
        boolean owner = now.epoch()
                .member(accountLog.id())
                .filter(member -> member.role() == MemberRole.OWNER)
                .isPresent();
        if (self == null || !self.isActive() || self.role() != Role.FULL || !owner) {
            throw new CofferException(ErrorCode.NOT_AUTHORISED, "Only the owner's full devices choose a vault's region.");
        }
        return vault.maker()
                .make(
                        vault.place(now),
                        vault.author(),
                        now.epoch().number(),
                        List.of(),
                        List.of(),
                        new Control.Residency(region),
                        EntryMaker.NO_BODY);
    }

    /// The regions of the verified transparency log.
    List<RegionChoice> choices() throws CofferException {
        ProviderDirectory directory = watch.directory();
        List<RegionChoice> choices = new ArrayList<>();
        for (ProviderDirectory.Region region : directory.regions().values()) {
            List<ProviderDirectory.Provider> taking = directory.providers().values().stream()
                    .filter(provider -> provider.region().equals(region.id()) && provider.state().takesPacks())
                    .toList();
            choices.add(new RegionChoice(
                    region.id(),
                    region.name(),
                    region.jurisdiction(),
                    taking.size(),
                    taking.stream().map(provider -> provider.stated().owner()).distinct().count(),
                    region.copies()));
        }
        return choices;
    }

    /// The providers of the verified transparency log, gone ones as well.
    List<ProviderStanding> standing() throws CofferException {
        return watch.directory().providers().values().stream()
                .map(provider -> new ProviderStanding(
                        provider.id(),
                        provider.stated().owner(),
                        provider.region(),
                        provider.state().name().toLowerCase(Locale.ROOT),
                        provider.share(),
                        provider.reason(),
                        Instant.ofEpochMilli(provider.since()),
                        provider.passed(),
                        provider.report().map(Hash::hex)))
                .toList();
    }

    /// What the service says it has outside the vault's region. Where the vault never was, that is a problem.
    List<LeftCopies> left(List<Problem> problems) throws CofferException {
        Residence residence = vault.state().residence();
        ProviderDirectory directory = watch.directory();
        List<LeftCopies> left = new ArrayList<>();
        for (CopyCount count : service.copies(vault.id())) {
            Optional<ProviderDirectory.Provider> provider = directory.provider(count.provider());
            String region = provider.map(ProviderDirectory.Provider::region).orElse("");
            if (region.equals(residence.region()) || count.used() + count.leaving() == 0) {
                continue;
            }
            if (residence.former().contains(region)) {
                String owner = provider.map(known -> known.stated().owner()).orElse("");
                left.add(new LeftCopies(count.provider(), owner, region, count.used(), count.leaving(), count.bytes()));
            } else {
                problems.add(new Problem(
                        count.provider(),
                        ErrorCode.RESIDENCY.name(),
                        "The service says that it has copies there, where the transparency log puts no packs of the vault's region."));
            }
        }
        return left;
    }
}
