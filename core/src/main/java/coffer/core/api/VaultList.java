package coffer.core.api;

import java.util.List;

/// Answer of `GET /v1/vaults`: a hint only; membership is what each vault's log says.
public record VaultList(List<String> vaults) {

    public VaultList {
        vaults = List.copyOf(vaults);
    }
}
