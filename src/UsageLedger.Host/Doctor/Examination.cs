using NodaTime;
using Npgsql;
using UsageLedger.Host.Logging;

namespace UsageLedger.Host.Doctor;

/// <summary>Looks at everything that can be looked at; what one part cannot tell keeps no other from telling.</summary>
internal static class Examination
{
    public static async Task<IReadOnlyList<Diagnosis>> RunAsync(LedgerSettings settings, IClock clock, CancellationToken ct)
    {
        var (keys, signing, masters) = KeyFileCheck.Run(settings);
        var findings = new List<Diagnosis>();
        NpgsqlDataSource? database = null;
        await AddAsync(findings, "database", async () =>
        {
            (database, var missing) = await ExaminedDatabase.FindAsync(settings, ct);
            return missing is null ? [] : [missing];
        });

        await using (database)
        {
            if (database is not null && await AddAsync(findings, "database", () => ServerCheck.RunAsync(database, clock, ct)))
            {
                var schema = new List<Diagnosis>();
                await AddAsync(schema, "schema", async () => [await SchemaCheck.RunAsync(database, ct)]);
                findings.AddRange(schema);
                if (schema.TrueForAll(one => one.Status == Diagnosis.Ok))
                {
                    await AddAsync(findings, "log", () => LogCheck.RunAsync(database, LedgerKeys.KeptHeads(settings), ct));
                    await AddAsync(findings, "keys", () => KeyCheck.RunAsync(database, signing, masters, ct));
                    await AddAsync(findings, "work", () => WorkCheck.RunAsync(database, clock, ct));
                }
            }
        }

        return [.. findings, .. keys, DiskCheck.Run(settings)];
    }

    /// <summary>Whether it could be told.</summary>
    private static async Task<bool> AddAsync(List<Diagnosis> findings, string name, Func<Task<List<Diagnosis>>> look)
    {
        try
        {
            findings.AddRange(await look());
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            findings.Add(Diagnosis.Bad(
                name, Redaction.Apply($"It could not be examined: {failure.Message}"), "See whether PostgreSQL runs, and whether ConnectionStrings__Ledger names it and may log in."));
            return false;
        }
    }
}
