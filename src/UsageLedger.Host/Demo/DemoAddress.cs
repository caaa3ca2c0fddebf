using UsageLedger.Host.Embedded;

namespace UsageLedger.Host.Demo;

/// <summary>Where the demo listens.</summary>
internal static class DemoAddress
{
    private const int UsualPort = 5080;
    private const string AnyFreePort = "http://127.0.0.1:0";

    /// <summary>As asked; else the usual port for somebody who stays, if it is free.</summary>
    public static string Choose(string? asked, bool stays) =>
        asked ?? (stays && !FreePort.IsTaken(UsualPort) ? LedgerSettings.DefaultUrls : AnyFreePort);

    /// <summary>How this machine reaches what it listens on.</summary>
    public static Uri Reach(IEnumerable<string> listening) => new(listening.First()
        .Replace("://0.0.0.0:", "://127.0.0.1:", StringComparison.Ordinal)
        .Replace("://[::]:", "://127.0.0.1:", StringComparison.Ordinal));
}
