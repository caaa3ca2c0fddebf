using System.Runtime.CompilerServices;
using System.Text.Unicode;
using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>Reads files with a usage record a line.</summary>
internal static class NdjsonFile
{
    public static async IAsyncEnumerable<ImportedUsage> ReadAsync(
        Stream file, UsageDefaults defaults, Instant now, [EnumeratorCancellation] CancellationToken ct)
    {
        var reader = new UsageLineReader(now, defaults);
        await foreach (var line in FileLines.ReadAsync(file, ct))
        {
            if (line.IsTooLong)
            {
                yield return ImportedUsage.Refused(line.Number, Refusals.LineTooLong, $"A line may hold {FileLines.LineBytesMax} bytes.");
            }
            else if (!Utf8.IsValid(line.Bytes.Span))
            {
                yield return ImportedUsage.Refused(line.Number, Refusals.InvalidUtf8, "The line is not UTF-8.");
            }
            else if (!UsageLineReader.IsBlank(line.Bytes.Span))
            {
                yield return new ImportedUsage(line.Number, reader.Read(line.Bytes.Span, -1));
            }
        }
    }
}
