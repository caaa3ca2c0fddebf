using Npgsql;

namespace UsageLedger.IntegrationSpecs.Auditors;

internal static class SqlRows
{
    /// <summary>The first column of each row, as text.</summary>
    public static async Task<List<string>> RowsAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.IsDBNull(0) ? "null" : FormattableString.Invariant($"{reader.GetValue(0)}"));
        return rows;
    }

    /// <summary>The SQLSTATE with which the statement is refused.</summary>
    public static async Task<string> RefusalAsync(this NpgsqlConnection connection, string sql) =>
        (await Should.ThrowAsync<PostgresException>(() => connection.RowsAsync(sql), sql)).SqlState;
}
