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
internal sealed class Readiness
{
    public const string Ready = "ready";
    public const string Degraded = "degraded";
    public const string Unready = "unready";

    private const int AnswerSeconds = 3;

    /// <summary>Whoever asks needs no key, and must not keep the database busy.</summary>
    private static readonly TimeSpan AnswerFresh = TimeSpan.FromSeconds(1);

    /// <summary>For whether usage can be recorded.</summary>
    private static readonly TimeSpan LogMax = TimeSpan.FromSeconds(3);

    /// <summary>Then for each of the others, all at once: they only degrade, and load balancers wait for seconds.</summary>
    private static readonly TimeSpan OthersMax = TimeSpan.FromSeconds(1);

    private const string Probe = """
        select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on',
               exists (select from ledger.log_head h join ledger.mt_events e on e.seq_id > h.position)
        """;

    private static readonly ReadyCheck Silent = new(
        "log", Unready, "The database does not answer; the log of this process says why, 'ledger doctor' on its host what to do.");

    private readonly NpgsqlDataSource database;
    private readonly LogAppender log;
    private readonly CollectingLag lag;
    private readonly WriteProbe write;
    private readonly SharedAsk<ReadyCheck> recording;
    private readonly (string Name, SharedAsk<IReadOnlyList<ReadyCheck>> Ask)[] others;
    private AppendTrouble? overcome;

    public Readiness(NpgsqlDataSource database, LogAppender log, CollectingLag lag, ProofReadiness proof, WriteProbe write)
    {
        (this.database, this.log, this.lag, this.write) = (database, log, lag, write);
        recording = new SharedAsk<ReadyCheck>(LogAsync, AnswerFresh);
        others = [Other("projections", ProjectionsAsync), Other("polling", CollectingAsync), Other("checkpoint", proof.CheckAsync)];
    }

    /// <summary>Within seconds, whatever hangs.</summary>
    public async Task<ReadyReport> CheckAsync(CancellationToken ct)
    {
        var first = await recording.WithinAsync(LogMax, ct) ?? Hanging();
        if (first.Status != Ready)
        {
            return new ReadyReport(first.Status, [first]);
        }

        var rest = await Task.WhenAll(others.Select(async other => await other.Ask.WithinAsync(OthersMax, ct) ?? [Untold(other.Name)]));
        ReadyCheck[] checks = [first, .. rest.SelectMany(told => told)];
        return new ReadyReport(checks.Any(check => check.Status == Degraded) ? Degraded : Ready, checks);
    }

    private static (string, SharedAsk<IReadOnlyList<ReadyCheck>>) Other(string name, Func<CancellationToken, Task<IReadOnlyList<ReadyCheck>>> ask) =>
        (name, new SharedAsk<IReadOnlyList<ReadyCheck>>(() => ToldAsync(name, ask), AnswerFresh));

    /// <summary>What cannot be told degrades: usage can be recorded as long as the log can.</summary>
    private static async Task<IReadOnlyList<ReadyCheck>> ToldAsync(string name, Func<CancellationToken, Task<IReadOnlyList<ReadyCheck>>> ask)
    {
        // What is given up ends in the database too.
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(AnswerSeconds));
        try
        {
            return await ask(soon.Token);
        }
#pragma warning disable CA1031 // Whatever it was, nobody can tell.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [Untold(name)];
        }
    }

    private static ReadyCheck Untold(string name) => new(name, Degraded, "It could not be told in time; 'ledger doctor' on the host says more.");

    private async Task<ReadyCheck> LogAsync()
    {
        try
        {
            await using var probe = database.CreateCommand(Probe);
            probe.CommandTimeout = AnswerSeconds;
            await using var reader = await probe.ExecuteReaderAsync();
            await reader.ReadAsync();
            var (readOnly, foreignRows) = (reader.GetBoolean(0), reader.GetBoolean(1));
            await reader.DisposeAsync();
            var hindrance = Hindrance(readOnly, foreignRows) ?? await TroubleAsync();
            return new ReadyCheck("log", hindrance is null ? Ready : Unready, hindrance);
        }
#pragma warning disable CA1031 // Whatever hinders this hinders an append.
        catch (Exception)
#pragma warning restore CA1031
        {
            return Silent;
        }
    }

    private static string? Hindrance(bool readOnly, bool foreignRows) =>
        readOnly ? "The database takes no writes: it is a standby, or set to read only."
        : foreignRows ? "Somebody else wrote into the log's tables; 'ledger verify' names the rows, the operating page says what to do with them."
        : null;

    /// <summary>A failure counts until something was appended, or could be: whoever heeds this sends nothing in the meantime.</summary>
    private async Task<string?> TroubleAsync() => Trouble() is not { } trouble ? null : await write.SucceedsAsync() ? Overcome(trouble) : Words(trouble);

    /// <summary>Where an append failed it is most likely that which hangs.</summary>
    private ReadyCheck Hanging() => Trouble() is { } trouble ? new ReadyCheck("log", Unready, Words(trouble)) : Silent;

    private AppendTrouble? Trouble() => log.Trouble is { } trouble && trouble != Volatile.Read(ref overcome) ? trouble : null;

    private string? Overcome(AppendTrouble trouble)
    {
        Volatile.Write(ref overcome, trouble);
        return null;
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
}
