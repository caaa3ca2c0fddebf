using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace UsageLedger.Host.Embedded;

/// <summary>The passwords of the superuser and of the ledger's own role, in PostgreSQL's passfile form, so that psql can use the file.</summary>
internal sealed record ClusterPasswords(string Superuser, string Owner)
{
    public const string SuperuserRole = "postgres";
    public const string OwnerRole = "ledger";

    private const int RandomBytes = 32;

    public static ClusterPasswords? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        var byRole = File.ReadAllLines(path)
            .Select(line => line.Split(':'))
            .Where(fields => fields.Length == 5)
            .ToDictionary(fields => fields[3], fields => fields[4], StringComparer.Ordinal);
        return byRole.TryGetValue(SuperuserRole, out var superuser) && byRole.TryGetValue(OwnerRole, out var owner)
            ? new ClusterPasswords(superuser, owner)
            : throw new EmbeddedPostgresException($"{path} is damaged: it must name the passwords of {SuperuserRole} and {OwnerRole}. Restore it from a backup.");
    }

    [UnsupportedOSPlatform("windows")]
    public static ClusterPasswords Make(string path)
    {
        var made = new ClusterPasswords(Random(), Random());
        ReplacedFile.Write(
            path,
            $"""
             127.0.0.1:*:*:{SuperuserRole}:{made.Superuser}
             127.0.0.1:*:*:{OwnerRole}:{made.Owner}

             """,
            ReplacedFile.OwnerOnly);
        return made;
    }

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
}
