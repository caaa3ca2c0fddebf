using System.Diagnostics;
using System.Globalization;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>How large the fault suites run: small among the other specs; full, or for some minutes, by <c>build/test faults</c>.</summary>
internal static class FaultRun
{
    /// <summary>Set it to repeat a run.</summary>
    public const string SeedVariable = "LEDGER_FAULTS_SEED";

    private const string MinutesVariable = "LEDGER_FAULTS_MINUTES";
    private const string FolderVariable = "LEDGER_FAULTS_FOLDER";

    private static readonly Stopwatch Running = Stopwatch.StartNew();

    public static int Seed { get; } = Number(SeedVariable) ?? Random.Shared.Next();

    /// <summary>Where the figures go; null among the other specs.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : null;

    public static bool IsSmall => Folder is null;

    /// <summary>Whether a suite that began then and may take this part of the minutes is to go on; where no minutes are given, as long as it has something left to do.</summary>
    public static bool GoesOn(TimeSpan began, double part) =>
        Number(MinutesVariable) is not { } minutes || Running.Elapsed - began < TimeSpan.FromMinutes(minutes * part);

    public static bool IsTimed => Number(MinutesVariable) is not null;

    public static TimeSpan Now => Running.Elapsed;

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
