using System.Globalization;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Verifying;

/// <summary>Chance whose seed is printed, so that a run can be had again.</summary>
internal static class Seeds
{
    public static Random Draw(ITestOutputHelper output)
    {
        var seed = Random.Shared.Next();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        return new Random(seed);
    }
}
