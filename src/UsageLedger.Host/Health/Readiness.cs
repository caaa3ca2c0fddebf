using System.Diagnostics;
using System.Globalization;
using Npgsql;
using UsageLedger.Collecting.Runs;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Host.Health;

/// <param name="Status"><c>ready</c>, <c>degraded</c> or <c>unready</c>.</param>
/// <param name="Reason">Why it is not ready, and what to do; null when it is.</param>
internal sealed record ReadyCheck(string Name, string Status, string? Reason);

/// <param name="Status">The worst of the checks.</param>
internal sealed record ReadyReport(string Status, IReadOnlyList<ReadyCheck> Checks);

/// <summary>Unready only when usage cannot be recorded; a read model that lags or has stopped is a degradation with a reason.</summary>
internal sealed class Readiness(NpgsqlDataSource database, LogAppender log, CollectingLag lag, ProofReadiness proof, WriteProbe write) : IDisposable
{
    public const string Ready = "ready";
    public const string Degraded = "degraded";
    public const string Unready = "unready";

    private const int AnswerSeconds = 3;

    private static readonly TimeSpan AnswerFresh = TimeSpan.FromSeconds(1);

    /// <summary>For whether usage can be recorded, and then for each of the others, all at once: together less than load balancers wait.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(4);

    private const string Probe = """
        select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on',
               exists (select from ledger.log_head h join ledger.mt_events e on e.seq_id > h.position)
        """;

    private static readonly ReadyCheck SilentLog = new(
        "log", Unready, "The database does not answer; the log of this process says why, 'ledger doctor' on its host what to do.");

    private readonly SemaphoreSlim one = new(1);
    private (ReadyReport Report, long At)? latest;
    private AppendTrouble? overcome;
    private Task<bool>? rehearsal;

    /// <summary>At most a second old: whoever asks needs no key, and must not keep the database busy.</summary>
    public async Task<ReadyReport> CheckAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (latest is not { } known || Stopwatch.GetElapsedTime(known.At) > AnswerFresh)
            {
                latest = known = (await AskAsync(ct), Stopwatch.GetTimestamp());
            }

            return known.Report;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<ReadyReport> AskAsync(CancellationToken ct)
    {
        var log = await WithinAsync(LogAsync, SilentLog, ct);
        IReadOnlyList<ReadyCheck> checks = log.Status != Ready ? [log] :
        [
            log, .. (await Task.WhenAll(ToldAsync("projections", ProjectionsAsync, ct), ToldAsync("polling", CollectingAsync, ct), ToldAsync("checkpoint", proof.CheckAsync, ct)))
                .SelectMany(told => told),
        ];
        var worst = checks.Any(check => check.Status == Unready) ? Unready : checks.Any(check => check.Status == Degraded) ? Degraded : Ready;
        return new ReadyReport(worst, checks);
    }

    /// <summary>What cannot be told degrades: usage can be recorded as long as the log can.</summary>
    private static async Task<IReadOnlyList<ReadyCheck>> ToldAsync(string name, Func<CancellationToken, Task<IReadOnlyList<ReadyCheck>>> ask, CancellationToken ct)
    {
        IReadOnlyList<ReadyCheck> untold = [new ReadyCheck(name, Degraded, "It could not be told in time; 'ledger doctor' on the host says more.")];
        try
        {
            return await WithinAsync(ask, untold, ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return untold;
        }
    }

    /// <summary>What is given up ends in the database too: the next asks a second later.</summary>
    private static async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> ask, T silent, CancellationToken ct)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        soon.CancelAfter(AnswerMax);
        try
        {
            return await ask(soon.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return silent;
        }
    }

    private async Task<ReadyCheck> LogAsync(CancellationToken ct)
    {
        try
        {
            await using var probe = database.CreateCommand(Probe);
            probe.CommandTimeout = AnswerSeconds;
            await using var reader = await probe.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            var (readOnly, foreignRows) = (reader.GetBoolean(0), reader.GetBoolean(1));
            await reader.DisposeAsync();
            var hindrance = Hindrance(readOnly, foreignRows) ?? await TroubleAsync(ct);
            return new ReadyCheck("log", hindrance is null ? Ready : Unready, hindrance);
        }
        catch (Exception failure) when (DatabaseFailure.Is(failure))
        {
            return SilentLog;
        }
    }

    private static string? Hindrance(bool readOnly, bool foreignRows) =>
        readOnly ? "The database takes no writes: it is a standby, or set to read only."
        : foreignRows ? "Somebody else wrote into the log's tables; 'ledger verify' names the rows, the operating page says what to do with them."
        : null;

    /// <summary>A failure counts until something was appended, or could be: whoever heeds this sends nothing in the meantime.</summary>
    private async Task<string?> TroubleAsync(CancellationToken ct) =>
        log.Trouble is not { } trouble || trouble == overcome ? null
        : await CouldAppendAsync(ct) ? Overcome(trouble)
        : trouble.Failure is ClockAheadException ? trouble.Failure.Message
        : trouble.Failure is TornTreeException ? "The tiles of the log's tree do not fit its head; 'ledger verify' names them, the operating page says what to do with them."
        : "The last events could not be appended; see the log of this process for why.";

    /// <summary>A rehearsal ends by its own bounds; while one hangs no other is begun.</summary>
    private Task<bool> CouldAppendAsync(CancellationToken ct)
    {
        rehearsal = rehearsal is { IsCompleted: false } running ? running : write.SucceedsAsync();
        return rehearsal.WaitAsync(ct);
    }

    private string? Overcome(AppendTrouble trouble)
    {
        overcome = trouble;
        return null;
    }

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
