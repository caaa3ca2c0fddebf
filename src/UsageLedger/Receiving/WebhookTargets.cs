using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;
using UsageLedger.Credentials;

namespace UsageLedger.Receiving;

/// <summary>A source that takes webhooks, and how they are read.</summary>
internal sealed record WebhookTarget(Source Source, IWebhookReader Reader);

/// <summary>What judges a source's deliveries.</summary>
/// <param name="Credentials">None: then nothing can be signed.</param>
/// <param name="IsFull">More deliveries wait than may.</param>
internal sealed record WebhookJudge(IReadOnlyList<Credential> Credentials, bool IsFull);

/// <summary>
/// Finds the source that a delivery is for, and what judges it. Both are remembered for seconds, also that there is no such source, and
/// asked for once however many deliveries come together: a flood does not reach the database, and a source that is changed or a credential
/// that is revoked holds no longer than that.
/// </summary>
public sealed class WebhookTargets(NpgsqlDataSource database, SourceStore sources, CredentialVault vault, ProviderCatalogue providers) : IDisposable
{
    public const int WaitingMax = 100_000;

    private const int KnownMax = 10_000;

    /// <summary>Anybody may ask for any name: strangers' are looked up a few at once, and leave the database to others.</summary>
    private const int LookupsMax = 8;

    private static readonly TimeSpan LookupWaitMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TargetFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan JudgeFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan JudgeAnewAfter = TimeSpan.FromSeconds(1);

    private const string CountWaiting = """
        select count(*) from (
            select from ledger.inbox_items
            where tenant = $1 and source = $2 and kind = 'webhook' and status <> 'done' limit $3) as waiting
        """;

    private readonly SemaphoreSlim lookups = new(LookupsMax);
    private readonly ConcurrentDictionary<(string Tenant, string SourceId), Remembered<WebhookTarget?>> targets = new();
    private readonly ConcurrentDictionary<(string Tenant, string SourceId), Remembered<WebhookJudge>> judges = new();

    /// <summary>Null for a source that does not exist, and for one whose vendor pushes nothing.</summary>
    internal Task<WebhookTarget?> FindAsync(string tenant, string sourceId, CancellationToken ct) =>
        AskAsync(targets, (tenant, sourceId), TargetFor, () => LookUpAsync(tenant, sourceId), ct);

    /// <summary>Opens the credentials: only for deliveries that may be signed.</summary>
    /// <param name="anew">The one remembered did not find it signed: a credential may have been set since.</param>
    internal Task<WebhookJudge> JudgeAsync(WebhookTarget target, string correlationId, bool anew, CancellationToken ct) =>
        AskAsync(judges, (target.Source.Tenant, target.Source.Id), anew ? JudgeAnewAfter : JudgeFor, () => OpenAsync(target.Source, correlationId), ct);

    public void Dispose() => lookups.Dispose();

    private static async Task<T> AskAsync<T>(
        ConcurrentDictionary<(string, string), Remembered<T>> known, (string, string) place, TimeSpan holds, Func<Task<T>> ask, CancellationToken ct)
    {
        if (known.Count >= KnownMax)
        {
            known.Clear();
        }

        var remembered = known.AddOrUpdate(place, _ => New(), (_, old) => Stopwatch.GetElapsedTime(old.At) < holds ? old : New());
        try
        {
            return await remembered.Answer.Value.WaitAsync(ct);
        }
        catch (Exception) when (remembered.Answer.Value.IsFaulted)
        {
            known.TryRemove(new(place, remembered));
            throw;
        }

        Remembered<T> New() => new(Stopwatch.GetTimestamp(), new Lazy<Task<T>>(ask));
    }

    /// <summary>Asked for all who wait, so that nobody's leaving cancels it.</summary>
    private async Task<WebhookTarget?> LookUpAsync(string tenant, string sourceId)
    {
        if (!await lookups.WaitAsync(LookupWaitMax))
        {
            throw new TimeoutException("Too many sources that nobody asked for lately are being looked up.");
        }

        try
        {
            return await sources.FindAsync(tenant, sourceId, CancellationToken.None) is { } source && providers.Find(source.Provider)?.Webhooks is { } reader
                ? new WebhookTarget(source, reader)
                : null;
        }
        finally
        {
            lookups.Release();
        }
    }

    private async Task<WebhookJudge> OpenAsync(Source source, string correlationId) => new(
        await vault.OpenAsync(source, CredentialVault.Webhooks, correlationId, CancellationToken.None),
        await WaitingAsync(source) >= WaitingMax);

    private async Task<long> WaitingAsync(Source source)
    {
        await using var count = database.CreateCommand(CountWaiting);
        count.Parameters.Add(new() { Value = source.Tenant });
        count.Parameters.Add(new() { Value = source.Id });
        count.Parameters.Add(new() { Value = WaitingMax });
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private sealed record Remembered<T>(long At, Lazy<Task<T>> Answer);
}
