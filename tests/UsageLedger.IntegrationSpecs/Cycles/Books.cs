using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Anomalies;
using UsageLedger.Attributing;
using UsageLedger.Clients;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Projecting;
using UsageLedger.Explaining;
using UsageLedger.Exporting;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Reconciling;
using UsageLedger.Recording;
using UsageLedger.Replaying;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Cycles;

/// <summary>A ledger of one tenant with its projections running: what is written is read back once it has arrived.</summary>
internal sealed class Books : IAsyncDisposable
{
    public const string Tenant = "acme";

    private static readonly IReadOnlyList<IProjection> Projections =
        [new UsageBuckets(), new CycleAggregates(), new UnattributedUsage(), new PendingCosts(), new AnomalyRows(), new CapturedUsage(), new Reconciliations()];
    private static readonly string[] Names = [.. Projections.Select(projection => projection.Name)];

    /// <summary>One that an older mapping began, and one for the newer.</summary>
    private const int PassesMax = 2;

    private readonly CancellationTokenSource stopping = new();
    private readonly Task projecting;
    private readonly ReadSignal reached = new();

    private Books(SpecLog log)
    {
        Log = log;
        var head = new LogSignal();
        Appender = log.Appender(head: head);
        Models = new ReadModels(log.Database, reached);
        var options = new ProjectionOptions { RestPerWork = 0 };
        projecting = new ProjectionHost(log.Database, log.Reader, head, reached, Projections, options, NullLoggerFactory.Instance).RunAsync(stopping.Token);
    }

    public SpecLog Log { get; }

    public LogAppender Appender { get; }

    public ReadModels Models { get; }

    public Instant Now
    {
        get => Log.Clock.Now;
        set => Log.Clock.Now = value;
    }

    public static async Task<Books> OpenAsync(string now = "2026-10-05T12:00:00Z")
    {
        var log = await SpecLog.OpenAsync();
        log.Clock.Now = At(now);
        return new Books(log);
    }

    /// <summary>The same log in another database, whose read models are made anew.</summary>
    public async Task<Books> CopyAsync()
    {
        var copy = await SpecLog.OpenAsync();
        foreach (var table in await Log.RowsAsync("select tablename from pg_tables where schemaname = 'ledger' and tablename <> 'projections' and tablename not like 'schema%'"))
        {
            await copy.DoAsync($"delete from ledger.{table}");
            await using var from = await Log.Database.OpenConnectionAsync();
            await using var to = await copy.Database.OpenConnectionAsync();
            await using var read = await from.BeginRawBinaryCopyAsync($"copy ledger.{table} to stdout (format binary)");
            await using var write = await to.BeginRawBinaryCopyAsync($"copy ledger.{table} from stdin (format binary)");
            await read.CopyToAsync(write);
        }

        copy.Clock.Now = Now;
        return new Books(copy);
    }

    public async Task<CycleAudit?> FindAuditAsync(string cycle, string client = "contoso", long? asOf = null, int? events = null)
    {
        await ArriveAsync();
        var query = new AuditCycle(Tenant, client, cycle, asOf, Now) { WithLines = true, EventsOf = events, WithProofs = true };
        return await AuditCycleHandler.Handle(query, Log.Reader, new LogTiles(Log.Database), Log.Database, default);
    }

    public async Task<CycleAudit> AuditAsync(string cycle, string client = "contoso", long? asOf = null, int? events = null) =>
        (await FindAuditAsync(cycle, client, asOf, events)).ShouldNotBeNull();

    /// <summary>The usage behind lines of a cycle, on one page.</summary>
    public async Task<CycleExplanation> ExplainAsync(
        string cycle, string client = "contoso", LineFilter? line = null, ExplainPlace? after = null, int limit = 1_000)
    {
        await ArriveAsync();
        var query = new ExplainCycle(Tenant, client, cycle, line ?? new LineFilter(), after, limit, Now);
        return (await ExplainCycleHandler.Handle(query, Log.Reader, Log.Database, default)).ShouldNotBeNull();
    }

    public async Task<CycleExport> ExportAsync(string cycle, ExportFormat format, string client = "contoso")
    {
        await ArriveAsync();
        return (await ExportCycleHandler.Handle(new ExportCycle(Tenant, client, cycle, format, Now), Log.Reader, Log.Database, default)).ShouldNotBeNull();
    }

    public static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).GetValueOrThrow();

    public static UsageRecord Usage(string key, string occurredAt, decimal quantity = 1m, decimal? cost = null, string? client = "contoso") => new()
    {
        Source = "api",
        IdempotencyKey = key,
        Provider = "retell",
        Metric = "call",
        Quantity = quantity,
        Unit = "minute",
        Cost = cost,
        Currency = "USD",
        ClientId = client,
        OccurredAt = At(occurredAt),
    };

    public Task<RecordingAnswer> RecordAsync(params UsageRecord[] records) => RecordAsync(false, Tenant, records);

    public Task<RecordingAnswer> ReviseAsync(params UsageRecord[] records) => RecordAsync(true, Tenant, records);

    public Task<RecordingAnswer> RecordAsync(bool revision, string tenant, params UsageRecord[] records) => RecordUsageHandler.Handle(
        new RecordUsage(tenant, "spec", [.. records.Select(record => new ParsedUsage(record, revision, []))]), Appender, default);

    public Task<RecordingAnswer?> VoidAsync(UsageRecord record) =>
        VoidUsageHandler.Handle(new VoidUsage(Tenant, "spec", record.Key(Tenant).Id, "a mistake"), Appender, default);

    public async Task<ClientView> RegisterAsync(
        string client = "contoso", string zone = "UTC", string period = "monthly", int anchor = 1, int grace = 0, string? name = null)
    {
        var outcome = await RegisterClientHandler.Handle(
            new RegisterClient(Tenant, "spec", client, ClientSpecTerms.Of(name ?? client, zone, period, anchor, grace)),
            Appender, Log.Reader, Log.Database, Log.Clock, default);
        return outcome.Client!;
    }

    /// <summary>A vendor's account, so that its usage waits for prices and mappings.</summary>
    public Task ConfigureAsync(string source, string provider = "retell") => AppendAsync(new NewEvent(
        Guid.NewGuid(), StreamNames.OfSource(source), EventTypes.SourceConfigured,
        new SourceConfigured(new Source(Tenant, source, provider, new Uri("https://vendor.example"), null, Duration.FromHours(1), new Dictionary<string, string>())).ToCanonical()));

    /// <summary>Usage that names the agent is the client's, also what came before.</summary>
    public async Task MapAsync(string agent, string client = "contoso", string? agentId = null, string provider = "retell")
    {
        var mapping = new Mapping($"{client}-{agent}", provider, new MappingKey(MappingKeys.Agent, agent, null), client, agentId, null, null);
        await AppendAsync(new NewEvent(Guid.NewGuid(), StreamNames.Mappings, EventTypes.MappingSet, new MappingSet(mapping).ToCanonical()));
        for (var pass = 0; pass < PassesMax; pass++)
            await ReattributeHandler.Handle(new Reattribute(Tenant), new MappingStore(Log.Reader), Appender, Log.Database, default);
    }

    public Task AppendAsync(NewEvent added) => Appender.AppendAsync(new AppendRequest(Tenant, "spec", [new AppendItem(added.Id, added)]), default);

    public async Task<CloseReadiness?> ReadinessAsync(string cycle, string client = "contoso")
    {
        await ArriveAsync();
        return await ReadCloseReadinessHandler.Handle(new ReadCloseReadiness(Tenant, client, cycle, Now), Log.Reader, Log.Database, default);
    }

    public async Task<CloseOutcome> CloseAsync(string cycle, string client = "contoso", bool force = false, string? reason = null, IDateTimeZoneProvider? zones = null) =>
        await CloseCycleHandler.Handle(
            new CloseCycle(Tenant, "spec", client, cycle, force, reason) { Zones = zones ?? DateTimeZoneProviders.Tzdb }, Appender, Log.Reader, Models, Log.Database, Log.Clock, default);

    public async Task<CycleReport?> FindCycleAsync(string cycle, string client = "contoso", string tenant = Tenant)
    {
        await ArriveAsync();
        return await ReadCycleHandler.Handle(new ReadCycle(tenant, client, cycle, Now), Log.Database, default);
    }

    public async Task<CycleReport> CycleAsync(string cycle, string client = "contoso") =>
        (await FindCycleAsync(cycle, client)).ShouldNotBeNull();

    public async Task<CyclePage?> CyclesAsync(string client = "contoso", Instant? before = null, int limit = 100, string tenant = Tenant)
    {
        await ArriveAsync();
        return await ListCyclesHandler.Handle(new ListCycles(tenant, client, before, limit, Now), Log.Database, default);
    }

    /// <summary>Waits until the read models hold all that is in the log.</summary>
    public async Task ArriveAsync() => (await Models.WaitForAsync(await Log.HeadAsync(), Names, default)).ShouldBeTrue();

    /// <summary>A cycle's lines, adjustments and totals, each in one text.</summary>
    public static string Told(CycleReport report) => string.Join('\n',
    [
        .. report.Lines.Select(line => Invariant($"{line.Provider} {line.Metric} {line.AgentId ?? "-"} {line.Quantity} {line.Unit} {line.Cost} {line.Currency} x{line.Records}")),
        .. report.Adjustments.Select(one => Invariant($"{one.OriginCycle}: {one.Provider} {one.Metric} {one.AgentId ?? "-"} {one.Quantity} {one.Unit} {one.Cost} {one.Currency} x{one.Records}")),
        .. report.Totals.Select(total => $"total {total.Cost} {total.Currency}"),
    ]);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await projecting;
        stopping.Dispose();
        await Log.DisposeAsync();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Terms as short as a spec can say them.</summary>
internal static class ClientSpecTerms
{
    public static ClientTerms Of(string name, string zone, string period, int anchor, int grace) =>
        UsageLedger.Cycles.Calendar.CycleRule.TryCreate(zone, period, anchor, out var rule, out var refusals)
            ? new ClientTerms(name, rule, grace, "USD")
            : throw new ArgumentException(string.Join(' ', refusals.Select(refusal => refusal.Message)));
}
