using NodaTime;
using UsageLedger.Cycles;

namespace UsageLedger.Exporting;

/// <summary>Asks for the usage of a client's cycle as a document.</summary>
/// <param name="Cycle">Any name of it.</param>
public sealed record ExportCycle(string Tenant, string ClientId, string Cycle, ExportFormat Format, Instant Now)
{
    /// <summary>As the log had it up to this position; null: all that the read model holds.</summary>
    public long? AsOf { get; init; }

    /// <summary>What time zones are.</summary>
    public IDateTimeZoneProvider Zones { get; init; } = DateTimeZoneProviders.Tzdb;
}

/// <summary>How the document is written.</summary>
public enum ExportFormat
{
    /// <summary>A row for each usage and line, for spreadsheets.</summary>
    Csv,

    /// <summary>A JSON object for each usage and line, and one at the end that sums them up.</summary>
    Ndjson,

    /// <summary>CSV with the columns of the FinOps Open Cost and Usage Specification.</summary>
    Focus
}

/// <summary>The formats as requests spell them.</summary>
public static class ExportFormats
{
    public static readonly string[] Words = ["csv", "ndjson", "focus"];

    public static ExportFormat? Find(string word) => Array.IndexOf(Words, word) is var at and >= 0 ? (ExportFormat)at : null;
}

/// <summary>What a document holds.</summary>
/// <remarks>The same log gives the same document, so it can be made again from its position, to compare.</remarks>
/// <param name="Totals">Those of the cycle.</param>
/// <param name="Position">The cycle is that of the log up to here.</param>
/// <param name="Sha256">Of the rows' bytes, in hex: of the whole document, or of NDJSON all before the last line.</param>
public sealed record ExportSummary(long Rows, IReadOnlyList<CycleTotal> Totals, long Position, string Sha256);
