using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Host.Demo;

/// <summary>A client of the demo's platform, with the terms agreed. No grace, so that its last cycle can be closed at once.</summary>
internal sealed record DemoClient(string Id, string Name, string TimeZone, string Period, int AnchorDay)
{
    private static readonly (string Period, int AnchorDay)[] Terms = [("monthly", 1), ("weekly", 1), ("monthly", 15)];

    public string Cycles => Period == "weekly" ? $"weekly from {(IsoDayOfWeek)AnchorDay}" : $"monthly from day {AnchorDay}";

    /// <summary>The first has calendar months of Berlin.</summary>
    public static IReadOnlyList<DemoClient> All(SimDirectory directory) =>
        [.. directory.Clients.Select((client, index) => Of(client, Terms[index % Terms.Length]))];

    private static DemoClient Of(SimClient client, (string Period, int AnchorDay) terms) =>
        new(client.Id, client.Name, client.TimeZone, terms.Period, terms.AnchorDay);
}
