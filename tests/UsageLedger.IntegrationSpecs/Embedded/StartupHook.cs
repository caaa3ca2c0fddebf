using UsageLedger.IntegrationSpecs.Embedded;

/// <summary>.NET calls this, by this name outside every namespace, in the process that <see cref="HostProcess" /> starts.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(HostProcess.DataDirVariable) is { } dataDir)
            HoldAsync(dataDir).GetAwaiter().GetResult();
    }

    private static async Task HoldAsync(string dataDir)
    {
        await using var server = await DataDir.StartAtAsync(dataDir);
        Console.WriteLine(server.Port);
        await Task.Delay(Timeout.Infinite);
    }
}
