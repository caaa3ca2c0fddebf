using Npgsql;

namespace UsageLedger.Answering;

/// <summary>A request under its key.</summary>
internal sealed record IdempotentQuestion(string Tenant, string Route, string Key, byte[] Fingerprint);

/// <summary>What is known of a question.</summary>
internal enum ClaimVerdict
{
    Mine,
    Answered,
    InFlight,
    OtherQuestion
}

/// <param name="Id">Names the holder of the lease, if it is mine.</param>
/// <param name="Answer">Given when it is answered.</param>
internal sealed record Claim(ClaimVerdict Verdict, Guid Id, KeptAnswer? Answer = null);

/// <summary>
/// The answers that were given under an <c>Idempotency-Key</c>. Who works on a question holds a lease on it, by the database's clock;
/// when a host dies, the lease runs out and the question may be asked again.
/// </summary>
internal sealed class IdempotencyKeys(NpgsqlDataSource database)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private const int AttemptsMax = 3;

    private const string Take = """
        insert into ledger.idempotency_keys as k (tenant, route, key, fingerprint, claim, leased_until)
        values ($1, $2, $3, $4, $5, clock_timestamp() + $6)
        on conflict (tenant, route, key) do update
        set claim = excluded.claim, leased_until = excluded.leased_until
        where k.status is null and k.leased_until < clock_timestamp() and k.fingerprint = excluded.fingerprint
        returning true
        """;

    private const string Select = """
        select fingerprint, status, headers, body from ledger.idempotency_keys where tenant = $1 and route = $2 and key = $3
        """;

    private const string Renew = """
        update ledger.idempotency_keys set leased_until = clock_timestamp() + $5
        where tenant = $1 and route = $2 and key = $3 and claim = $4 and status is null
        """;

    private const string Keep = """
        update ledger.idempotency_keys set status = $5, headers = $6, body = $7, created_at = now()
        where tenant = $1 and route = $2 and key = $3 and claim = $4 and status is null
        """;

    private const string Release = """
        delete from ledger.idempotency_keys
        where tenant = $1 and route = $2 and key = $3 and claim = $4 and status is null
        """;

    public async Task<Claim> ClaimAsync(IdempotentQuestion question, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (await TakeAsync(question, id, ct))
            {
                return new Claim(ClaimVerdict.Mine, id);
            }

            if (await FindAsync(question, id, ct) is { } known)
            {
                return known;
            }
        }

        // Released again each time it was looked at: others are at it.
        return new Claim(ClaimVerdict.InFlight, id);
    }

    public Task RenewAsync(IdempotentQuestion question, Guid claim, CancellationToken ct) =>
        ExecuteAsync(Renew, question, [claim, Lease], ct);

    public Task KeepAsync(IdempotentQuestion question, Guid claim, KeptAnswer answer) =>
        ExecuteAsync(Keep, question, [claim, answer.Status, answer.Headers.ToArray(), answer.Body.ToArray()], CancellationToken.None);

    public Task ReleaseAsync(IdempotentQuestion question, Guid claim) =>
        ExecuteAsync(Release, question, [claim], CancellationToken.None);

    private async Task<bool> TakeAsync(IdempotentQuestion question, Guid id, CancellationToken ct)
    {
        await using var take = Command(Take, question, [question.Fingerprint, id, Lease]);
        return await take.ExecuteScalarAsync(ct) is true;
    }

    private async Task<Claim?> FindAsync(IdempotentQuestion question, Guid id, CancellationToken ct)
    {
        await using var select = Command(Select, question, []);
        await using var reader = await select.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return null;
        }

        return !question.Fingerprint.AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(0)) ? new Claim(ClaimVerdict.OtherQuestion, id)
            : reader.IsDBNull(1) ? new Claim(ClaimVerdict.InFlight, id)
            : new Claim(ClaimVerdict.Answered, id, new KeptAnswer(reader.GetInt32(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<byte[]>(3)));
    }

    private async Task ExecuteAsync(string statement, IdempotentQuestion question, object[] values, CancellationToken ct)
    {
        await using var command = Command(statement, question, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string statement, IdempotentQuestion question, object[] values)
    {
        var command = database.CreateCommand(statement);
        foreach (var value in (object[])[question.Tenant, question.Route, question.Key, .. values])
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
