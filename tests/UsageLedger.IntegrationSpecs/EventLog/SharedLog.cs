namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>One log for all the rules of a class.</summary>
public sealed class SharedLog : IAsyncLifetime
{
    public SpecLog Log { get; private set; } = null!;

    public async Task InitializeAsync() => Log = await SpecLog.OpenAsync();

    public async Task DisposeAsync() => await Log.DisposeAsync();
}
