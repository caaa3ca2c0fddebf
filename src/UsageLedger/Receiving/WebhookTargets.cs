using System.Collections.Concurrent;
using NodaTime;
using Npgsql;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;
using UsageLedger.Credentials;

namespace UsageLedger.Receiving;

/// <summary>A source that takes webhooks, and what judges them.</summary>
/// <param name="Credentials">None: then nothing can be signed.</param>
/// <param name="IsFull">More deliveries wait than may.</param>
internal sealed record WebhookTarget(Source Source, IWebhookReader Reader, IReadOnlyList<Credential> Credentials, bool IsFull);

/// <summary>
/// Finds the source that a delivery is for. It is remembered for seconds, so that a flood of deliveries does not ask the database
/// for each, and a source that is changed or a credential that is revoked holds no longer than that.
/// </summary>
public sealed class WebhookTargets(NpgsqlDataSource database, SourceStore sources, CredentialVault vault, ProviderCatalogue providers, IClock clock)
{
    public const int WaitingMax = 100_000;

    private const int KnownMax = 1_000;
    private static readonly Duration KnownFor = Duration.FromSeconds(5);

    private const string CountWaiting = """
        select count(*) from (
            select from ledger.inbox_items
            where tenant = $1 and source = $2 and kind = 'webhook' and status in ('queued', 'running', 'failed') limit $3) as waiting
        """;

    private readonly ConcurrentDictionary<(string Tenant, string SourceId), (Instant Until, WebhookTarget Target)> known = new();

    /// <summary>Null for a source that does not exist, and for one whose vendor pushes nothing.</summary>
    internal async Task<WebhookTarget?> FindAsync(string tenant, string sourceId, string correlationId, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        if (known.TryGetValue((tenant, sourceId), out var kept) && now < kept.Until)
        {
            return kept.Target;
        }

        known.TryRemove((tenant, sourceId), out _);
        if (await sources.FindAsync(tenant, sourceId, ct) is not { } source || providers.Find(source.Provider)?.Webhooks is not { } reader)
        {
            return null;
        }

        var credentials = await vault.OpenAsync(tenant, sourceId, CredentialVault.Webhooks, correlationId, ct);
        var target = new WebhookTarget(source, reader, credentials, await WaitingAsync(tenant, sourceId, ct) >= WaitingMax);
        Remember(tenant, sourceId, target, now);
        return target;
    }

    private void Remember(string tenant, string sourceId, WebhookTarget target, Instant now)
    {
        if (known.Count >= KnownMax)
        {
            foreach (var (place, _) in known.Where(pair => pair.Value.Until <= now))
            {
                known.TryRemove(place, out _);
            }
        }

        if (known.Count < KnownMax)
        {
            known[(tenant, sourceId)] = (now + KnownFor, target);
        }
    }

    private async Task<long> WaitingAsync(string tenant, string sourceId, CancellationToken ct)
    {
        await using var count = database.CreateCommand(CountWaiting);
        count.Parameters.Add(new() { Value = tenant });
        count.Parameters.Add(new() { Value = sourceId });
        count.Parameters.Add(new() { Value = WaitingMax });
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }
}
