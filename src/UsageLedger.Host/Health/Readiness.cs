using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using UsageLedger.Collecting.Runs;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Host.Health;

/// <param name="Status"><c>ready</c>, <c>degraded</c> or <c>unready</c>.</param>
/// <param name="Reason">Why it is not ready, and what to do; null when it is.</param>
internal sealed record ReadyCheck(string Name, string Status, string? Reason);

/// <param name="Status">The worst of the checks.</param>
internal sealed record ReadyReport(string Status, IReadOnlyList<ReadyCheck> Checks);

/// <summary>Unready only when usage cannot be recorded; a read model that lags or has stopped is a degradation with a reason.</summary>
internal sealed partial class Readiness
{
    public const string Ready = "ready";
    public const string Degraded = "degraded";
    public const string Unready = "unready";

    private const int AnswerSeconds = 3;

    /// <summary>Whoever asks needs no key, and must not keep the database busy.</summary>
    private static readonly TimeSpan AnswerFresh = TimeSpan.FromSeconds(1);

    /// <summary>For whether usage can be recorded.</summary>
    private static readonly TimeSpan LogMax = TimeSpan.FromSeconds(3);

    /// <summary>For all together: load balancers wait for seconds.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(5);

    /// <summary>What only degrades is told as it was, for so long, while it cannot be told anew.</summary>
    private static readonly TimeSpan KnownMax = TimeSpan.FromMinutes(1);

    /// <summary>What is asked each second must not fill the log.</summary>
    private static readonly TimeSpan LoggedEvery = TimeSpan.FromMinutes(1);

    private const string Probe = """
        select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on',
               exists (select from ledger.log_head h join ledger.mt_events e on e.seq_id > h.position)
        """;

    private static readonly ReadyCheck Silent = new(
        "log", Unready, "The database does not answer; the log of this process says why, 'ledger doctor' on its host what to do.");

    private readonly NpgsqlDataSource database;
    private readonly LogAppender appender;
    private readonly CollectingLag lag;
    private readonly WriteProbe write;
    private readonly ILogger<Readiness> log;
    private readonly SharedAsk<ReadyCheck> probe;
    private readonly SharedAsk<AppendTrouble> rehearsal;
    private readonly (string Name, SharedAsk<IReadOnlyList<ReadyCheck>> Ask)[] others;
    private readonly ConcurrentDictionary<string, long> logged = new(StringComparer.Ordinal);
    private AppendTrouble? overcome;

    public Readiness(
        NpgsqlDataSource database, LogAppender appender, CollectingLag lag, ProofReadiness proof, WriteProbe write, ILogger<Readiness> log)
    {
        (this.database, this.appender, this.lag, this.write, this.log) = (database, appender, lag, write, log);
        probe = new SharedAsk<ReadyCheck>(ProbeAsync, AnswerFresh);
        rehearsal = new SharedAsk<AppendTrouble>(RehearseAsync, AnswerFresh);
        others = [Other("projections", ProjectionsAsync), Other("polling", CollectingAsync), Other("checkpoint", proof.CheckAsync)];
    }

    /// <summary>Within seconds, whatever hangs.</summary>
    public async Task<ReadyReport> CheckAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var rest = others.Select(other => OfOtherAsync(other.Name, other.Ask, ct)).ToList();
        var first = await probe.WithinAsync(LogMax, ct) ?? Silent;
        if (first.Status == Ready && Trouble() is not null)
        {
            await rehearsal.WithinAsync(LogMax - Stopwatch.GetElapsedTime(started), ct);

            // The rehearsal, or an append that succeeded meanwhile, may have overcome it.
            first = Trouble() is { } trouble ? first with { Status = Unready, Reason = Words(trouble) } : first;
        }

        if (first.Status != Ready)
        {
            return new ReadyReport(first.Status, [first]);
        }

        ReadyCheck[] checks = [first, .. (await Task.WhenAll(rest)).SelectMany(told => told)];
        return new ReadyReport(checks.Any(check => check.Status == Degraded) ? Degraded : Ready, checks);
    }

    private static async Task<IReadOnlyList<ReadyCheck>> OfOtherAsync(string name, SharedAsk<IReadOnlyList<ReadyCheck>> ask, CancellationToken ct) =>
        await ask.WithinAsync(AnswerMax, ct) ?? ask.Known(KnownMax)
            ?? [new ReadyCheck(name, Degraded, "It could not be told; the log of this process says why, 'ledger doctor' on the host more.")];

    private (string, SharedAsk<IReadOnlyList<ReadyCheck>>) Other(string name, Func<CancellationToken, Task<IReadOnlyList<ReadyCheck>>> ask) =>
        (name, new SharedAsk<IReadOnlyList<ReadyCheck>>(() => ToldAsync(name, ask), AnswerFresh));

    /// <summary>What cannot be told degrades: usage can be recorded as long as the log can.</summary>
    private async Task<IReadOnlyList<ReadyCheck>?> ToldAsync(string name, Func<CancellationToken, Task<IReadOnlyList<ReadyCheck>>> ask)
    {
        // What nobody waits for any more ends in the database too.
        using var soon = new CancellationTokenSource(AskMax);
        try
        {
            return await ask(soon.Token);
        }
#pragma warning disable CA1031 // Whatever it was, it is told.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(name, failure);
            return null;
        }
    }

    private async Task<ReadyCheck?> ProbeAsync()
    {
        try
        {
            await using var ask = database.CreateCommand(Probe);
            ask.CommandTimeout = AnswerSeconds;
            await using var reader = await ask.ExecuteReaderAsync();
            await reader.ReadAsync();
            var hindrance = Hindrance(readOnly: reader.GetBoolean(0), foreignRows: reader.GetBoolean(1));
            return new ReadyCheck("log", hindrance is null ? Ready : Unready, hindrance);
        }
#pragma warning disable CA1031 // Whatever hinders this hinders an append, and it is told.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed("log", failure);
            return Silent;
        }
    }

    private static string? Hindrance(bool readOnly, bool foreignRows) =>
        readOnly ? "The database takes no writes: it is a standby, or set to read only."
        : foreignRows ? "Somebody else wrote into the log's tables; 'ledger verify' names the rows, the operating page says what to do with them."
        : null;

    /// <summary>A failure counts until something was appended, or could be: whoever heeds this sends nothing in the meantime.</summary>
    private AppendTrouble? Trouble() => appender.Trouble is { } trouble && trouble != Volatile.Read(ref overcome) ? trouble : null;

    /// <summary>The trouble that an append now would not meet; null: it would, or there was none by then.</summary>
    private async Task<AppendTrouble?> RehearseAsync()
    {
        if (Trouble() is not { } trouble || !await write.SucceedsAsync())
        {
            return null;
        }

        Volatile.Write(ref overcome, trouble);
        return trouble;
    }

    private static string Words(AppendTrouble trouble) => trouble.Failure switch
    {
        ClockAheadException => trouble.Failure.Message,
        TornTreeException => "The tiles of the log's tree do not fit its head; 'ledger verify' names them, the operating page says what to do with them.",
        _ => "The last events could not be appended; see the log of this process for why.",
    };

    private async Task<IReadOnlyList<ReadyCheck>> ProjectionsAsync(CancellationToken ct) =>
        [.. (await ProjectionStore.AllAsync(database, ct)).Select(ProjectionReadiness.Of)];

    /// <summary>In numbers only, for whoever asks has no key.</summary>
    private async Task<IReadOnlyList<ReadyCheck>> CollectingAsync(CancellationToken ct)
    {
        var alarms = await lag.AlarmsAsync(ct);
        return
        [
            Late("polling", "Runs that have been due for more than a quarter of an hour"),
            Late("webhooks", "Webhooks that have waited for more than five minutes"),
        ];

        ReadyCheck Late(string name, string what) => alarms.GetValueOrDefault(name) is > 0 and var sources
            ? new ReadyCheck(name, Degraded, string.Create(
                CultureInfo.InvariantCulture, $"{what}: sources {sources}; GET /v1/collections/lag names them to their tenant."))
            : new ReadyCheck(name, Ready, null);
    }

    private void Failed(string name, Exception failure)
    {
        var now = Stopwatch.GetTimestamp();
        if (logged.GetOrAdd(name, now) is var last && (last == now || (Stopwatch.GetElapsedTime(last) > LoggedEvery && logged.TryUpdate(name, now, last))))
        {
            Untold(log, name, failure);
        }
    }

    [LoggerMessage(4201, LogLevel.Warning, "Whether the ledger is ready could not be told of {Check}")]
    private static partial void Untold(ILogger logger, string check, Exception failure);
}
