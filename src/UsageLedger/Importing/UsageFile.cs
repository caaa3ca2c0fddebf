using System.Runtime.CompilerServices;
using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>Reads files of usage in bounded memory, whatever their length.</summary>
public static class UsageFile
{
    /// <summary>How many records are read, and later recorded, at a time.</summary>
    public const int BatchMax = 5_000;

    /// <summary>The file's records in order, batch by batch. What cannot be read of the file at all is told as its last line.</summary>
    /// <param name="fileName">Without folders; part of keys where the format has none.</param>
    /// <param name="now">When the import began.</param>
    public static async IAsyncEnumerable<IReadOnlyList<ImportedUsage>> ReadAsync(
        Stream file, ImportFormat format, string fileName, UsageDefaults defaults, Instant now, [EnumeratorCancellation] CancellationToken ct)
    {
        var records = format switch
        {
            ImportFormat.Ndjson => NdjsonFile.ReadAsync(file, defaults, now, ct),
            ImportFormat.Csv => new CsvFile(defaults, now).ReadAsync(file, ct),
            _ => new LlmTraceFile(fileName, defaults, now).ReadAsync(file, ct)
        };
        var batch = new List<ImportedUsage>();
        await foreach (var record in records)
        {
            batch.Add(record);
            if (batch.Count == BatchMax)
            {
                yield return batch;
                batch = [];
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
