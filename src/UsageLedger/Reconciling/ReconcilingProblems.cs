using Microsoft.AspNetCore.Http;
using UsageLedger.Answering;

namespace UsageLedger.Reconciling;

/// <summary>What the doors of this slice refuse alike.</summary>
internal static class ReconcilingProblems
{
    public static readonly Problem UnknownRule = new(
        StatusCodes.Status409Conflict, "unknown_rule",
        "This report was made by a rule that this server does not know; ask a server of the release that made it for the events behind its lines.");

    public static readonly Problem SumOutOfRange = new(
        StatusCodes.Status422UnprocessableEntity, "sum_out_of_range", "A sum needs more than 28 digits; state the figures with fewer.");
}
