using Npgsql;

namespace UsageLedger.IntegrationSpecs.Cluster;

/// <summary>What a statement answers, or refuses.</summary>
internal static class SqlRows
{
    /// <summary>The first column of each row, as text.</summary>
    public static async Task<List<string>> RowsAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await RowsAsync(command);
    }

    /// <inheritdoc cref="RowsAsync(NpgsqlConnection, string)" />
    public static async Task<List<string>> RowsAsync(this NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await RowsAsync(command);
    }

    /// <summary>The SQLSTATE with which the statement is refused.</summary>
    public static async Task<string> RefusalAsync(this NpgsqlConnection connection, string sql) =>
        (await Should.ThrowAsync<PostgresException>(() => connection.RowsAsync(sql), sql)).SqlState;

    private static async Task<List<string>> RowsAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.IsDBNull(0) ? "null" : FormattableString.Invariant($"{reader.GetValue(0)}"));
        return rows;
    }
}
