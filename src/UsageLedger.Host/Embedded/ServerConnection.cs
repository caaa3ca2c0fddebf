using Npgsql;

namespace UsageLedger.Host.Embedded;

/// <summary>How the cluster is reached, as one of its two roles.</summary>
internal static class ServerConnection
{
    private const int ConnectMaxSeconds = 5;

    public static string ForOwner(int port, ClusterPasswords passwords) =>
        Of(port, ClusterPasswords.OwnerRole, passwords.Owner, ClusterPasswords.OwnerRole).ConnectionString;

    /// <summary>One connection as superuser, outside every pool.</summary>
    public static async Task<NpgsqlConnection> OpenSuperuserAsync(int port, ClusterPasswords passwords, CancellationToken ct, string database = "postgres")
    {
        var where = Of(port, ClusterPasswords.SuperuserRole, passwords.Superuser, database);
        where.Pooling = false;
        where.Timeout = ConnectMaxSeconds;
        var connection = new NpgsqlConnection(where.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static NpgsqlConnectionStringBuilder Of(int port, string role, string password, string database) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Username = role,
        Password = password,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,

        // Somebody else may have come to sit on the port: the password is proved, and never told.
        RequireAuth = "ScramSHA256",
    };
}
