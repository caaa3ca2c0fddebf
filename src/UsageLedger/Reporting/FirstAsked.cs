using Npgsql;

namespace UsageLedger.Reporting;

/// <summary>What a moment of the read models is asked as soon as it is held, in the round trip that holds it.</summary>
/// <param name="TakeAsync">Reads the answers of all the commands.</param>
internal sealed record FirstAsked<T>(IReadOnlyList<NpgsqlBatchCommand> Commands, Func<NpgsqlDataReader, CancellationToken, Task<T>> TakeAsync);

/// <inheritdoc cref="FirstAsked{T}"/>
internal static class FirstAsked
{
    public static FirstAsked<bool> Nothing { get; } = new([], (_, _) => Task.FromResult(false));
}
