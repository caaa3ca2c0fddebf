using UsageLedger.EventLog.Verifying;

namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>One way to change the log behind the ledger's back.</summary>
/// <param name="DoAsync">Does it at a random place, and tells what must be found.</param>
internal sealed record Edit(string Kind, Func<EditedLog, Random, Task<Expected>> DoAsync);

/// <summary>What verify must name after an edit.</summary>
/// <param name="IsAll">Nothing else may be blamed.</param>
/// <param name="Options">What the log is held against; null: what the host keeps.</param>
internal sealed record Expected(IReadOnlyList<(long Position, string Kind)> Named, bool IsAll = true, VerifyOptions? Options = null)
{
    public static Expected Only(long position, string kind) => new([(position, kind)]);

    public static Expected Among(params (long, string)[] named) => new(named, IsAll: false);

    public bool IsMetBy(IReadOnlyList<(long Position, string Kind)> found) => IsAll
        ? found.Order().SequenceEqual(Named.Order())
        : Named.All(found.Contains);
}
