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
        IReadOnlyList<(string Sid, UsageRecord Record)> legs =
            [.. records.Select(record => (Sid: TelephonyLegs.PricedSidOf(record), Record: record)).Where(leg => leg.Sid is not null).Select(leg => (leg.Sid!, leg.Record))];
        if (legs.Count == 0)
        {
            return;
        }

        var isRetell = source.Provider == TelephonyLegs.RetellProvider;
        var others = await OfProviderAsync(source.Tenant, isRetell ? TelephonyLegs.TwilioProvider : TelephonyLegs.RetellProvider, ct);
        if (!isRetell)
        {
            await AskAgainAsync(source.Tenant, others, [.. legs.Select(leg => leg.Sid).Distinct()], correlationId, ct);
        }
        else if (TelephonyBilling.Of(source) == TelephonyBiller.Reporter)
        {
            // Twilio's source may be configured later, and then tell of these calls.
            await LinkAsync(source, legs, correlationId, ct);
            await VoidAsync(source, others, legs, correlationId, ct);
        }
    }

    private async Task<IReadOnlyList<string>> OfProviderAsync(string tenant, string provider, CancellationToken ct) =>
        [.. (await sources.LatestAsync(tenant, ct)).Values.Where(source => source.Value.Provider == provider).Select(source => source.Value.Id)];

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
