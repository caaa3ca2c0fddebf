using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Attributing;
using UsageLedger.Clients;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Recording;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Cycles;

/// <summary>A ledger of one tenant with its projections running: what is written is read back once it has arrived.</summary>
internal sealed class Books : IAsyncDisposable
{
    public const string Tenant = "acme";

    private static readonly IReadOnlyList<IProjection> Projections = [new UsageBuckets(), new CycleAggregates(), new UnattributedUsage()];
    private static readonly string[] Names = [UsageBuckets.ProjectionName, CycleAggregates.ProjectionName, UnattributedUsage.ProjectionName];

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

    public async Task<CloseOutcome> CloseAsync(string cycle, string client = "contoso", bool force = false, string? reason = null) =>
        await CloseCycleHandler.Handle(
            new CloseCycle(Tenant, "spec", client, cycle, force, reason), Appender, Log.Reader, Models, Log.Database, Log.Clock, default);

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
