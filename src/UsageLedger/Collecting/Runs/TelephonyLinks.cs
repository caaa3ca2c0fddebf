using Npgsql;
using UsageLedger.Collecting.Retell;
using UsageLedger.Collecting.Sources;
using UsageLedger.Collecting.Twilio;
using UsageLedger.EventLog.Appending;
using UsageLedger.Inbox;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Runs;

/// <summary>
/// A telephone leg that Retell and Twilio both have a price of counts once: as Twilio's, who carries it, unless the Retell source says that Retell
/// charges it and the Twilio source says nothing. Whichever comes last decides, by the log: Retell's product is linked, recorded and held against
/// Twilio's call; Twilio's call, once recorded, has the Retell call asked for again.
/// </summary>
public sealed class TelephonyLinks(NpgsqlDataSource database, SourceStore sources, LogAppender log, InboxStore inbox)
{
    private const string OneAtATime = "select pg_advisory_xact_lock(7141, hashtext($1))";

    /// <summary>After these records are on disk. Done twice it leaves the same.</summary>
    public async Task SettleAsync(Source source, IReadOnlyList<UsageRecord> records, string correlationId, CancellationToken ct)
    {
        var legs = await LegsAsync(source, records, ct);
        if (legs.Count == 0)
        {
            return;
        }

        if (source.Provider != Providers.Retell)
        {
            var retell = Ids(await OfProviderAsync(source.Tenant, Providers.Retell, ct));
            await AskAgainAsync(source.Tenant, retell, [.. legs.Select(leg => leg.Sid).Distinct()], correlationId, ct);
            return;
        }

        // Also where there is no Twilio source: it may be configured later, and then tell of these calls.
        await LinkAsync(source, legs, correlationId, ct);

        // A Twilio source that says who charges has priced the call before it did, or contradicts: then its price stands as by default.
        var twilio = (await OfProviderAsync(source.Tenant, Providers.Twilio, ct))
            .ToLookup(other => TelephonyBilling.Of(source) == TelephonyBiller.Retell && TelephonyBilling.Of(other) == TelephonyBiller.Reporter);
        var (carried, resold) = (Theirs(source, Ids(twilio[false]), legs), Theirs(source, Ids(twilio[true]), legs));
        if ((await DoublesAsync(source, [.. carried, .. resold], ids => TelephonyReads.PricedAsync(database, source.Tenant, ids, ct))).Count == 0)
        {
            return;
        }

        // One after another: of two that were begun under different policies each would void the other's, and the leg would cost nothing.
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var turn = await connection.BeginTransactionAsync(ct);
        await using var take = new NpgsqlCommand(OneAtATime, connection, turn) { Parameters = { new() { Value = source.Tenant } } };
        await take.ExecuteNonQueryAsync(ct);
        var own = await DoublesAsync(source, carried, ids => TelephonyReads.PricedAsync(connection, source.Tenant, ids, ct));
        await VoidAsync(
            source.Tenant, own.Select(leg => (leg.Own.Key(source.Tenant), $"the source {leg.Call.Source} reports a price of the same leg, {leg.Call.IdempotencyKey}")), correlationId, ct);
        var theirs = await DoublesAsync(source, resold, ids => TelephonyReads.PricedAsync(connection, source.Tenant, ids, ct));
        await VoidAsync(source.Tenant, theirs.Select(leg => (leg.Call, $"the source {source.Id} charges the same leg, {leg.Own.IdempotencyKey}")), correlationId, ct);
    }

    /// <summary>Those that have a price; where a policy takes it from the telling, those that the log knows to have kept theirs.</summary>
    private async Task<IReadOnlyList<(string Sid, UsageRecord Record)>> LegsAsync(Source source, IReadOnlyList<UsageRecord> records, CancellationToken ct)
    {
        var legs = records.Select(record => (Sid: TelephonyLegs.SidOf(record), Record: record)).Where(leg => leg.Sid is not null).Select(leg => (Sid: leg.Sid!, leg.Record)).ToList();
        var settled = legs.Where(leg => TelephonyBilling.IsSettled(leg.Record)).Select(leg => leg.Record.Key(source.Tenant).Id).ToList();
        var kept = settled.Count > 0 ? await TelephonyReads.PricedAsync(database, source.Tenant, settled, ct) : new HashSet<Guid>();
        return [.. legs.Where(leg => leg.Record.Cost > 0 || kept.Contains(leg.Record.Key(source.Tenant).Id))];
    }

    private async Task<IReadOnlyList<Source>> OfProviderAsync(string tenant, string provider, CancellationToken ct) =>
        [.. (await sources.LatestAsync(tenant, ct)).Values.Where(source => source.Value.Provider == provider).Select(source => source.Value)];

    private static IReadOnlyList<string> Ids(IEnumerable<Source> of) => [.. of.Select(source => source.Id)];

    private async Task LinkAsync(Source source, IReadOnlyList<(string Sid, UsageRecord Record)> legs, string correlationId, CancellationToken ct)
    {
        var links = legs.DistinctBy(leg => leg.Sid)
            .Select(leg => new TelephonyLinked(source.Id, RetellKeys.CallOf(leg.Record.IdempotencyKey)!, leg.Sid).ToEvent(source.Tenant));
        await log.AppendAsync(new AppendRequest(source.Tenant, correlationId, [.. links.Select(link => new AppendItem(link.Id, link))]), ct);
    }

    /// <summary>Legs of which Twilio's call and Retell's product both count.</summary>
    private static async Task<List<(UsageRecord Own, UsageKey Call)>> DoublesAsync(
        Source source, List<(UsageRecord Own, UsageKey Call)> theirs, Func<IReadOnlyList<Guid>, Task<IReadOnlySet<Guid>>> priced)
    {
        if (theirs.Count == 0)
        {
            return [];
        }

        var count = await priced([.. theirs.SelectMany(leg => new[] { leg.Call.Id, leg.Own.Key(source.Tenant).Id }).Distinct()]);
        return theirs.FindAll(leg => count.Contains(leg.Call.Id) && count.Contains(leg.Own.Key(source.Tenant).Id));
    }

    /// <summary>What the calls of these legs would be at these sources.</summary>
    private static List<(UsageRecord Own, UsageKey Call)> Theirs(Source source, IReadOnlyList<string> twilio, IReadOnlyList<(string Sid, UsageRecord Record)> legs) =>
        [.. legs.SelectMany(leg => twilio.Select(other => (leg.Record, new UsageKey(source.Tenant, other, TwilioSids.KeyOfCall(leg.Sid)))))];

    /// <summary>In one append, for others wait.</summary>
    private async Task VoidAsync(string tenant, IEnumerable<(UsageKey Usage, string Why)> doubles, string correlationId, CancellationToken ct)
    {
        var voids = doubles.DistinctBy(each => each.Usage.Id)
            .SelectMany(each => VoidUsageHandler.Request(new VoidUsage(tenant, correlationId, each.Usage.Id, $"telephony: {each.Why}")).Items).ToList();
        if (voids.Count > 0)
        {
            await log.AppendAsync(new AppendRequest(tenant, correlationId, voids), ct);
        }
    }

    private async Task AskAgainAsync(string tenant, IReadOnlyList<string> retell, IReadOnlyList<string> sids, string correlationId, CancellationToken ct)
    {
        IReadOnlyList<Guid> ids = [.. retell.SelectMany(other => sids.Select(sid => TelephonyLinked.IdOf(tenant, other, sid)))];
        foreach (var link in await TelephonyReads.LinksAsync(database, tenant, ids, ct))
        {
            await inbox.AddAsync(FetchWork.For(tenant, link, correlationId), ct);
        }
    }
}
