using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Checkpoints;

/// <summary>The tree's tiles in the database.</summary>
public sealed class LogTiles(NpgsqlDataSource database) : ITileSource
{
    private const string Select = "select hashes from ledger.log_tiles where level = $1 and index = $2";

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(int level, long index, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = (short)level });
        select.Parameters.Add(new() { Value = index });
        return await select.ExecuteScalarAsync(ct) is byte[] hashes ? hashes : null;
    }
}
