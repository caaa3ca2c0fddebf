using System.Globalization;
using NodaTime;
using Npgsql;

namespace UsageLedger.Host.Doctor;

/// <summary>Whether the database server is one that an answer of the ledger can stand on.</summary>
internal static class ServerCheck
{
    private const int VersionMin = 150_000;
    private const int ConnectionsLeftMin = 20;

    private const string Select = """
        select current_setting('server_version_num')::integer, current_setting('server_version'), pg_is_in_recovery(),
               current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'),
               current_setting('max_connections')::integer, (select count(*)::integer from pg_stat_activity where backend_type = 'client backend'),
               (select reset_val = 'on' from pg_settings where name = 'default_transaction_read_only'),
               clock_timestamp(), pg_database_size(current_database())
        """;

    private static readonly Duration Noticeable = Duration.FromSeconds(2);
    private static readonly Duration Refused = Duration.FromMinutes(1);

    public static async Task<List<Diagnosis>> RunAsync(NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        var before = clock.GetCurrentInstant();
        await using var row = await select.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var after = clock.GetCurrentInstant();
        var here = before + ((after - before) / 2);
        return
        [
            Version(row.GetInt32(0), row.GetString(1)),
            Writable(row.GetBoolean(2), row.GetBoolean(8)),
            .. Durable(("fsync", row.GetString(3)), ("synchronous_commit", row.GetString(4)), ("full_page_writes", row.GetString(5))),
            Connections(row.GetInt32(6), row.GetInt32(7)),
            ClockOf(here - row.GetInstant(9)),
            Diagnosis.Good("database size", string.Create(CultureInfo.InvariantCulture, $"The database has {row.GetInt64(10) / 1024 / 1024:N0} MiB.")),
        ];
    }

    private static Diagnosis Version(int number, string name) => number >= VersionMin
        ? Diagnosis.Good("database", $"PostgreSQL {name} answers.")
        : Diagnosis.Bad("database", $"PostgreSQL {name} answers, which is too old.", "Upgrade it to 15 or later.");

    private static Diagnosis Writable(bool standby, bool readOnly) =>
        standby ? Diagnosis.Bad("writable", "The database takes no writes: it is a standby.", "Point ConnectionStrings__Ledger at the primary.")
        : readOnly ? Diagnosis.Bad(
            "writable", "The database takes no writes: default_transaction_read_only is on.",
            "Reset it where it is set: for the role, for the database (alter role or database ... reset default_transaction_read_only), or in postgresql.conf.")
        : Diagnosis.Good("writable", "The database takes writes.");

    /// <summary>Sessions of the ledger set synchronous_commit themselves; the other two are the server's alone.</summary>
    private static IEnumerable<Diagnosis> Durable(params (string Name, string Value)[] settings) => settings.Select(setting =>
        setting.Value is not "off" ? Diagnosis.Good(setting.Name, $"{setting.Name} is {setting.Value}.")
        : setting.Name == "synchronous_commit" ? Diagnosis.Worry(setting.Name, "synchronous_commit is off for others; the ledger's own sessions set it on.", "Leave it on, unless others need it off.")
        : Diagnosis.Bad(setting.Name, $"{setting.Name} is off: what the ledger has acknowledged can be lost.", $"Set {setting.Name} = on in postgresql.conf and reload."));

    private static Diagnosis Connections(int max, int used) => max - used >= ConnectionsLeftMin
        ? Diagnosis.Good("connections", $"{used} of {max} connections are in use.")
        : Diagnosis.Worry("connections", $"{used} of {max} connections are in use.", "Raise max_connections, or give each host fewer by 'Maximum Pool Size' in ConnectionStrings__Ledger.");

    private static Diagnosis ClockOf(Duration ahead)
    {
        var found = string.Create(CultureInfo.InvariantCulture, $"This host's clock is {(ahead < Duration.Zero ? "behind" : "ahead of")} the database's by {Math.Abs(ahead.TotalMilliseconds):0} ms.");
        return ahead > Refused ? Diagnosis.Bad("clock", $"{found} Nothing is appended from this host.", "Set the wrong one right, and keep both by NTP.")
            : ahead > Noticeable || ahead < -Noticeable ? Diagnosis.Worry("clock", found, "Keep both by NTP.")
            : Diagnosis.Good("clock", found);
    }
}
