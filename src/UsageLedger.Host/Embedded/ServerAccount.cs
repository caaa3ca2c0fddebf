namespace UsageLedger.Host.Embedded;

/// <summary>PostgreSQL refuses to run as root: the account that runs it then. Null means our own.</summary>
internal static class ServerAccount
{
    private static readonly string[] Preferred = ["postgres", "nobody"];
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    public static async Task<string?> ChooseAsync(ClusterHome home, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
            return null;
        if (home.DataMajor is not null)
            return await OwnerAsync(home.Data, ct);
        foreach (var account in Preferred)
            if ((await new ProgramRun("id", "-u", account).RunAsync(LookMax, ct)).Succeeded)
                return account;
        throw new EmbeddedPostgresException(
            $"PostgreSQL refuses to run as root, and neither account exists: {string.Join(", ", Preferred)}. Create one, or run the ledger as an ordinary account.");
    }

    /// <summary>Gives one path of ours, never what lies under it, to the account.</summary>
    public static async Task GiveAsync(string path, string? account, CancellationToken ct)
    {
        if (account is null)
            return;
        var chown = await new ProgramRun("chown", account, path).RunAsync(LookMax, ct);
        if (!chown.Succeeded)
            throw new EmbeddedPostgresException($"{path} could not be given to the account {account}: {chown.Said}");
    }

    private static async Task<string> OwnerAsync(string path, CancellationToken ct)
    {
        var listed = await new ProgramRun("ls", "-ld", path).RunAsync(LookMax, ct);
        var owner = listed.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(2);
        return owner is null or "root"
            ? throw new EmbeddedPostgresException(
                $"{path} belongs to root, as which PostgreSQL refuses to run. Give it to an ordinary account: chown -R postgres {path}")
            : owner;
    }
}
