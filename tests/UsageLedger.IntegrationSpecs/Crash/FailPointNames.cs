using System.Reflection;
using UsageLedger.EventLog.Faults;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>The fail points of the program, as the program itself has them.</summary>
internal static class FailPointNames
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { typeof(FailPoint).Assembly, typeof(EventTypes).Assembly, typeof(Host.LedgerApp).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetFields(Static))
            .Where(field => field.FieldType == typeof(FailPoint)).Select(field => ((FailPoint)field.GetValue(null)!).Name).Order(StringComparer.Ordinal),
    ];

    /// <summary>The environment of a host that is to be broken.</summary>
    public static Dictionary<string, string> Armed(string points) => new() { ["LEDGER_FAIL_POINTS"] = points, ["DOTNET_ENVIRONMENT"] = "Faults" };

    /// <summary>As an armed host tells that a point acts.</summary>
    public static string Told(string point) => $"Fail point {point}: ";
}
