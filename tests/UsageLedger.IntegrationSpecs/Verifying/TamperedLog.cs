using NodaTime;
using Microsoft.Extensions.Logging.Abstractions;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.EventLog.Verifying;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Projecting;

namespace UsageLedger.IntegrationSpecs.Verifying;

/// <summary>A log of several streams with corrections, rarer types and signed heads, of which each edit gets a copy of its own.</summary>
public sealed class TamperedLog : IAsyncLifetime, IDisposable
{
    public const int Usages = 700;
    private const string Origin = "spec";

    private readonly string folder = Directory.CreateTempSubdirectory("usageledger-verify").FullName;
    private LedgerDatabase original = null!;
    private SigningKey key = null!;

    /// <summary>Events in all.</summary>
    public long Size { get; private set; }

    /// <summary>Heads as they were kept outside the database.</summary>
    public IReadOnlyList<KeptCheckpoint> Kept { get; private set; } = [];

    public async Task InitializeAsync()
    {
        original = await LedgerCluster.CreateDatabaseAsync();
        await LogSchema.MigrateAsync(original.DataSource, [typeof(EventTypes).Assembly], CancellationToken.None);
        key = SigningKey.OpenOrCreate(Path.Combine(folder, "signing.key"), MasterKeyFile.OpenOrCreate(Path.Combine(folder, "master.key")));
        var reader = new LogReader(original.DataSource);
        using var signer = new CheckpointSigner(
            reader, new LogTiles(original.DataSource), new CheckpointStore(original.DataSource), key, SystemClock.Instance, Origin,
            new KeptHeads(Path.Combine(folder, "heads")));
        await signer.IntroduceAsync(CancellationToken.None);
        await using (var log = new LogAppender(
            original.DataSource, SystemClock.Instance, new LogSignal(), new AppendOptions { BulkTypes = EventTypes.Bulk }, NullLogger<LogAppender>.Instance))
        {
            await FillAsync(log, reader, signer);
        }

        Size = await reader.HeadAsync(CancellationToken.None);
        Kept = [new KeptCheckpoint("kept.txt", (await signer.CoveringAsync(Size, CancellationToken.None)).Note)];
    }

    /// <summary>What verify says of a copy after this edit.</summary>
    public async Task<VerifyOutcome> AfterAsync(string edit, bool withKept = true)
    {
        await using var copy = await CopyAsync();
        await using (var command = copy.DataSource.CreateCommand(edit))
        {
            await command.ExecuteNonQueryAsync();
        }

        var options = new VerifyOptions
        {
            BulkTypes = EventTypes.Bulk,
            SubjectTypes = EventTypes.AboutUsage,
            Kept = withKept ? Kept : [],
            TrustedKeys = [key.PublicPem],
        };
        return await new LogVerifier(copy.DataSource, options).RunAsync(progress: null, CancellationToken.None);
    }

    public async Task DisposeAsync() => await original.DisposeAsync();

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task FillAsync(LogAppender log, LogReader reader, CheckpointSigner signer)
    {
        var usages = Enumerable.Range(0, Usages)
            .Select(i => new SpecUsage($"u{i}", Instant.FromUtc(2026, 10, 1, 0, 0) + Duration.FromMinutes(i)) { Client = i % 7 == 0 ? null : $"client-{i % 5}" })
            .ToList();
        foreach (var batch in usages.Chunk(300))
        {
            await log.AppendAsync(SpecUsage.Request(batch.Select(usage => usage.Recorded())), CancellationToken.None);
            await signer.CoveringAsync(await reader.HeadAsync(CancellationToken.None), CancellationToken.None);
        }

        await log.AppendAsync(SpecUsage.Request(usages.Take(40).Select(usage => usage.RevisedTo(usage with { Cost = 0.2m }))), CancellationToken.None);
        await log.AppendAsync(SpecUsage.Request(usages.Skip(40).Take(20).Select(usage => usage.Voided())), CancellationToken.None);
        var rare = new NewEvent(Guid.NewGuid(), "registration-spec", "client_noted", new CanonicalJson("""{"note":"rare"}"""u8.ToArray()));
        await log.AppendAsync(SpecUsage.Request([new AppendItem(rare.Id, rare)]), CancellationToken.None);
    }

    private async Task<LedgerDatabase> CopyAsync()
    {
        original.DataSource.Clear();
        return await LedgerCluster.CopyDatabaseAsync(original);
    }
}
