using UsageLedger.EventLog;
using UsageLedger.EventLog.Verifying;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Verifying;

/// <summary>A log of some thousand events of two tenants, made once; each spec spoils a copy of its own.</summary>
public sealed class TamperedLog : IAsyncLifetime
{
    private LedgerDatabase home = null!;

    /// <summary>The options with which the host verifies: heads and key kept outside the database.</summary>
    public VerifyOptions Options { get; private set; } = new();

    /// <summary>As an outsider verifies who has nothing but the database.</summary>
    public VerifyOptions WithoutKept => Options with { Kept = [], TrustedKeys = [] };

    public long Size { get; private set; }

    /// <summary>The sizes whose heads were signed, in order; the last few events are under none.</summary>
    public IReadOnlyList<long> Heads { get; private set; } = [];

    public async Task InitializeAsync()
    {
        home = await LedgerCluster.CreateLedgerAsync();
        await using var database = LogDatabase.Open(home.ConnectionString, "template");
        await using var content = new LogContent(database, SpecFolders.Next());
        await content.WriteAsync();
        (Options, Size, Heads) = (await content.OptionsAsync(), content.Size, content.Heads);
    }

    public async Task<LogCopy> CopyAsync() => new(await LedgerCluster.CopyDatabaseAsync(home));

    public Task DisposeAsync() => home.DisposeAsync().AsTask();
}

[CollectionDefinition(nameof(TamperedLog))]
public sealed class TamperedLogs : ICollectionFixture<TamperedLog>;
