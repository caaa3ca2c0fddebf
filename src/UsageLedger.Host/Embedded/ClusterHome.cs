namespace UsageLedger.Host.Embedded;

/// <summary>The places inside a data directory that belong to the embedded cluster.</summary>
internal sealed record ClusterHome(string DataDir)
{
    public string Data => Path.Combine(DataDir, "pg");

    public string VersionFile => Path.Combine(Data, "PG_VERSION");

    public string PidFile => Path.Combine(Data, "postmaster.pid");

    public string Settings => Path.Combine(DataDir, "pg.conf");

    public string Log => Path.Combine(DataDir, "pg.log");

    public string Passwords => Path.Combine(DataDir, "pg.pass");

    public string Lock => Path.Combine(DataDir, "pg.lock");

    public string Users => Path.Combine(DataDir, "pg.users");

    public string PackagedBinaries => Path.Combine(DataDir, "postgres-bin");

    /// <summary>The major version the data directory was made by; null while there is none.</summary>
    public int? DataMajor =>
        File.Exists(VersionFile) && int.TryParse(File.ReadAllText(VersionFile).Trim(), out var major) ? major : null;
}
