using System.Text.Json;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Tells how a fault suite goes on, and keeps its figures: one line a suite in <c>faults.json</c>.</summary>
internal sealed class FaultReport(string suite, ITestOutputHelper output)
{
    private static readonly Lock Turn = new();
    private static readonly List<FaultFigures> All = [];

    private readonly TimeSpan _began = FaultRun.Now;

    public void Say(string line)
    {
        output.WriteLine(line);
        if (FaultRun.Folder is { } folder)
        {
            lock (Turn)
                File.AppendAllText(Path.Combine(folder, "faults.log"), $"{FaultRun.Now.TotalSeconds,6:0} s  {suite}: {line}\n");
        }
    }

    public void Keep(FaultFigures figures)
    {
        figures.Seconds = Math.Round((FaultRun.Now - _began).TotalSeconds, 1);
        Say(figures.Told);
        if (FaultRun.Folder is not { } folder)
            return;
        lock (Turn)
        {
            All.Add(figures);
            File.WriteAllText(Path.Combine(folder, "faults.json"), $"[\n{string.Join(",\n", All.Select(one => JsonSerializer.Serialize(one, JsonSerializerOptions.Web)))}\n]\n");
        }
    }
}
