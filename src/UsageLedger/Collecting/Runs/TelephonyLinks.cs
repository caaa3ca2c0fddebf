using Npgsql;
using UsageLedger.Collecting.Retell;
using UsageLedger.Collecting.Sources;
using UsageLedger.Collecting.Twilio;
using UsageLedger.EventLog.Appending;
using UsageLedger.Inbox;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Runs;

/// <summary>
/// A telephone leg that Retell and Twilio both have a price of counts once: as Twilio's, who carries it. Whichever comes last decides, by
/// the log: Retell's product is linked, recorded and held against Twilio's call; Twilio's call, once recorded, has the Retell call asked for again.
/// </summary>
public sealed class TelephonyLinks(NpgsqlDataSource database, SourceStore sources, LogAppender log, InboxStore inbox)
{
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

        // Where Retell is to bill, a price of Twilio's counts only if it was told before anybody said so.
        var decided = TelephonyBilling.Of(source);
        var twilio = await OfProviderAsync(source.Tenant, Providers.Twilio, ct);
        if (decided != TelephonyBiller.Retell)
        {
            // Twilio's source may be configured later, and then tell of these calls.
            await LinkAsync(source, legs, correlationId, ct);
        }

        await VoidAsync(
            source, Ids(twilio.Where(other => decided != TelephonyBiller.Retell || TelephonyBilling.Of(other) == TelephonyBiller.Retell)), legs, correlationId, ct);
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

    private async Task VoidAsync(
        Source source, IReadOnlyList<string> twilio, IReadOnlyList<(string Sid, UsageRecord Record)> legs, string correlationId, CancellationToken ct)
    {
        var theirs = (from leg in legs
                      from other in twilio
                      let key = TwilioSids.KeyOfCall(leg.Sid)
                      select (leg.Record, Other: other, Key: key, new UsageKey(source.Tenant, other, key).Id)).ToList();
        var priced = await TelephonyReads.PricedAsync(database, source.Tenant, [.. theirs.Select(call => call.Id).Distinct()], ct);
        foreach (var (record, other, key, _) in theirs.Where(call => priced.Contains(call.Id)))
        {
            await VoidUsageHandler.Handle(
                new VoidUsage(source.Tenant, correlationId, record.Key(source.Tenant).Id, $"telephony: the source {other} reports a price of the same leg, {key}"), log, ct);
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
