using NodaTime;

namespace UsageLedger.Host.Demo;

/// <summary>A made-up client of the platform, and how busy its agents are.</summary>
/// <param name="Calls">In the month.</param>
internal sealed record DemoClient(
    string Id, string Name, string TimeZone, string Period, int AnchorDay, int Calls, IReadOnlyList<string> Agents)
{
    /// <summary>Its last month is closed in the end; no grace, so that this can be at once.</summary>
    public static readonly DemoClient Berlin =
        new("nordlicht", "Nordlicht Kliniken", "Europe/Berlin", "monthly", 1, 6_000, ["reception", "reminder"]);

    public static readonly IReadOnlyList<DemoClient> All =
    [
        Berlin,
        new("padaria", "Padaria do Sol", "America/Sao_Paulo", "weekly", 1, 4_000, ["orders"]),
        new("himal", "Himal Trekking", "Asia/Kathmandu", "monthly", 15, 2_500, ["booking"]),
    ];

    public string Cycles => Period == "weekly" ? $"weekly from {(IsoDayOfWeek)AnchorDay}" : $"monthly from day {AnchorDay}";
}
