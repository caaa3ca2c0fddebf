using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>
/// Builds read tables from the log. Whatever it does runs in one transaction with its place in the log, with the schema that
/// holds its tables first on the search path: <c>read</c> when live, <c>read_next</c> in a rebuild. It knows no clock,
/// no chance and no culture, so that the same log gives the same rows.
/// </summary>
public interface IProjection
{
    /// <summary>The name that its place is kept under; stable for ever.</summary>
    string Name { get; }

    /// <summary>The tables that it alone writes.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>Types (never bulk types) whose events go one by one through <see cref="FoldAsync"/>.</summary>
    IReadOnlyList<string> FoldedTypes => [];

    /// <summary>
    /// Makes right what depends on the program and not on the log, at the position where the rows stand. Comes once before a process takes
    /// its first event, and once before a rebuild does, in a transaction of its own.
    /// </summary>
    Task PrepareAsync(NpgsqlConnection connection, long position, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Takes all events with <paramref name="after"/> &lt; position &lt;= <paramref name="upTo"/> in one statement; none of them is of a folded type.</summary>
    Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct);

    /// <summary>Takes one event of a folded type.</summary>
    /// <exception cref="InvalidOperationException">The projection folds none.</exception>
    Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct) =>
        throw new InvalidOperationException($"{Name} folds no events.");
}
