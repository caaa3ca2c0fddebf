using Npgsql;

namespace UsageLedger.Inbox;

/// <summary>Wakes this process's workers: something was put into the inbox, or a worker has become free.</summary>
public sealed class InboxSignal
{
    private const string Notify = "select pg_notify('ledger_inbox', '')";

    private TaskCompletionSource raised = New();

    public Task Raised => Volatile.Read(ref raised).Task;

    public void Raise() => Interlocked.Exchange(ref raised, New()).SetResult();

    /// <summary>Wakes those of all processes.</summary>
    public async Task RaiseAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var notify = database.CreateCommand(Notify);
        await notify.ExecuteNonQueryAsync(ct);
        Raise();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
