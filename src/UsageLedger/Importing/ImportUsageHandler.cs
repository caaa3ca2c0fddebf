using UsageLedger.EventLog.Appending;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>Handles <see cref="ImportUsage"/>.</summary>
public static class ImportUsageHandler
{
    /// <summary>Records the file batch by batch, in order; the next batch is read while one is written.</summary>
    /// <param name="progress">Told after each batch.</param>
    public static Task<ImportSummary> Handle(
        ImportUsage command, Stream file, LogAppender log, IProgress<ImportSummary> progress, CancellationToken ct) =>
        RunAsync(command, file, batch => RecordUsageHandler.Handle(batch, log, ct), progress, ct);

    internal static async Task<ImportSummary> RunAsync(
        ImportUsage command, Stream file, Func<RecordUsage, Task<RecordingAnswer>> record, IProgress<ImportSummary> progress, CancellationToken ct)
    {
        var summary = ImportSummary.Empty;
        var writing = Task.FromResult(summary);
        await foreach (var batch in UsageFile.ReadAsync(file, command.Format, command.FileName, command.Defaults, command.Now, ct))
        {
            summary = await writing;
            progress.Report(summary);
            writing = WriteAsync(command, batch, record, summary);
        }

        summary = await writing;
        progress.Report(summary);
        return summary;
    }

    private static async Task<ImportSummary> WriteAsync(
        ImportUsage command, IReadOnlyList<ImportedUsage> batch, Func<RecordUsage, Task<RecordingAnswer>> record, ImportSummary before)
    {
        var items = new ParsedUsage[batch.Count];
        for (var index = 0; index < items.Length; index++)
        {
            items[index] = batch[index].Usage;
        }

        return before.With(await record(new RecordUsage(command.Tenant, command.CorrelationId, items)), batch);
    }
}
