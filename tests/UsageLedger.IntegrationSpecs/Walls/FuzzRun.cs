using System.Diagnostics;
using System.Text.Json;
using UsageLedger.IntegrationSpecs.Crash;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>How long doors and parsers are tried: some seconds among the other specs, a minute each at full size, or a tenth of the minutes of <c>build/test faults</c>.</summary>
internal sealed class FuzzRun
{
    /// <summary>However slow the machine is.</summary>
    private const int TriesMin = 40;

    private const double PartOfMinutes = 0.1;

    private static readonly TimeSpan Most = FaultRun.IsSmall ? TimeSpan.FromSeconds(2.5) : FaultRun.IsTimed ? TimeSpan.MaxValue : TimeSpan.FromMinutes(1);
    private static readonly Lock Turn = new();
    private static readonly List<object> Figures = [];

    private readonly ITestOutputHelper output;
    private readonly string suite;
    private readonly Stopwatch running = Stopwatch.StartNew();
    private readonly TimeSpan began = FaultRun.Now;

    public FuzzRun(string suite, ITestOutputHelper output)
    {
        (this.suite, this.output) = (suite, output);
        Random = new Random(FaultRun.Seed);
        output.WriteLine($"{suite}: seed {FaultRun.Seed}");
    }

    public Random Random { get; }

    public int Tries { get; private set; }

    /// <summary>Said of every failure, so that it can be had again.</summary>
    public string Seeded => $"{suite}, seed {FaultRun.Seed}, try {Tries}";

    /// <summary>Whether there is time for another try.</summary>
    /// <param name="triesMin">So many there are in any case.</param>
    public bool Next(int triesMin = TriesMin)
    {
        Tries++;
        return Tries <= Math.Max(TriesMin, triesMin) || (running.Elapsed < Most && FaultRun.GoesOn(began, PartOfMinutes));
    }

    /// <summary>Tells how many were tried, and keeps it beside the figures of the other suites.</summary>
    public void End(object? more = null)
    {
        output.WriteLine($"{suite}: {Tries} tried in {running.Elapsed.TotalSeconds:0.0} s {more}");
        if (FaultRun.Folder is not { } folder)
            return;
        lock (Turn)
        {
            Figures.Add(new { suite, seed = FaultRun.Seed, tries = Tries, seconds = Math.Round(running.Elapsed.TotalSeconds, 1), told = more });
            File.WriteAllText(Path.Combine(folder, "walls.json"), JsonSerializer.Serialize(Figures, JsonSerializerOptions.Web) + "\n");
        }
    }
}
