namespace UsageLedger.Recording;

/// <summary>Why one place of a request is refused.</summary>
/// <param name="At">The place, in RFC 6901 from the body's root; for lines, from the line's index.</param>
/// <param name="Code">A stable word of <see cref="Refusals"/> for programs.</param>
/// <param name="Message">For people: what to send instead. Never holds the value itself, which may be private.</param>
public sealed record FieldProblem(string At, string Code, string Message);
