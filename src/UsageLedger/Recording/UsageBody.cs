namespace UsageLedger.Recording;

/// <summary>A request's body, read: what each of its places held, or why none of it can be taken.</summary>
/// <param name="Items">In the body's order; empty if the body is refused.</param>
public sealed record UsageBody(IReadOnlyList<ParsedUsage> Items, BodyRefusal? Refusal = null)
{
    public const int RecordsMax = 10_000;
    public const int BytesMax = 16 * 1024 * 1024;

    internal static UsageBody Refused(string code, string message, params IReadOnlyList<FieldProblem> problems) =>
        new([], new BodyRefusal(code, message, problems));

    internal static UsageBody Refused(FieldProblem problem) => Refused(problem.Code, problem.Message, problem);

    internal static UsageBody TooMany() =>
        Refused(Refusals.TooManyRecords, $"A request may hold {RecordsMax} records; send the rest in another.");
}

/// <summary>Why a body as a whole is refused, with nothing recorded.</summary>
public sealed record BodyRefusal(string Code, string Message, IReadOnlyList<FieldProblem> Problems)
{
    /// <summary>It is larger than allowed (413); otherwise it cannot be understood (400).</summary>
    public bool IsTooLarge => Code == Refusals.TooManyRecords;
}
