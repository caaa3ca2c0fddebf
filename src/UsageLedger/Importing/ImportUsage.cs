using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>Records the usage in a file; running it again records nothing twice.</summary>
/// <param name="FileName">Without folders.</param>
/// <param name="Now">When the import began.</param>
public sealed record ImportUsage(string Tenant, string CorrelationId, string FileName, ImportFormat Format, UsageDefaults Defaults, Instant Now)
{
    /// <summary>What stands where a record of a file is silent. A record that names another source is refused.</summary>
    public static UsageDefaults DefaultsOf(string source, string? clientId, IReadOnlyDictionary<string, decimal> unitCosts, bool revision) => new()
    {
        Source = source,
        SourceIsFixed = true,
        ClientId = clientId,
        UnitCosts = unitCosts,
        Revision = revision
    };
}

/// <summary>How far an import is, and in the end what it did.</summary>
/// <param name="Position">The highest among the records, so that a read at it sees them all.</param>
/// <param name="Problems">The first refusals and conflicts, with their lines.</param>
public sealed record ImportSummary(
    long Accepted, long Duplicates, long Revised, long Conflicts, long Rejected, long Position, IReadOnlyList<ImportProblem> Problems)
{
    public const int ProblemsMax = 100;

    public static readonly ImportSummary Empty = new(0, 0, 0, 0, 0, 0, []);

    /// <summary>When the first of the usage occurred; null when no record could be read.</summary>
    public Instant? Earliest { get; init; }

    /// <summary>When the last of it occurred.</summary>
    public Instant? Latest { get; init; }

    public long Records => Accepted + Duplicates + Revised + Conflicts + Rejected;

    /// <summary>Every record of the file is in the ledger.</summary>
    public bool IsClean => Conflicts + Rejected == 0;

    public ImportSummary With(RecordingAnswer answer, IReadOnlyList<ImportedUsage> batch) => new(
        Accepted + answer.Accepted,
        Duplicates + answer.Duplicates,
        Revised + answer.Revised,
        Conflicts + answer.Conflicts,
        Rejected + answer.Rejected,
        Math.Max(Position, answer.Position),
        Problems.Count == ProblemsMax ? Problems :
        [
            .. Problems,
            .. answer.Items.Where(item => item.Code is not null)
                .Take(ProblemsMax - Problems.Count)
                .Select(item => new ImportProblem(batch[item.Index].Line, At(item), item.Code!, item.Message!))
        ])
    {
        Earliest = Times(batch).Append(Earliest).Min(),
        Latest = Times(batch).Append(Latest).Max(),
    };

    private static IEnumerable<Instant?> Times(IReadOnlyList<ImportedUsage> batch) => batch.Select(read => read.Usage.Record?.OccurredAt);

    private static string At(RecordedItem item) => item.Problems.Count == 0 ? "" : item.Problems[0].At;
}

/// <summary>Why a line of a file was not recorded.</summary>
public sealed record ImportProblem(long Line, string At, string Code, string Message);
