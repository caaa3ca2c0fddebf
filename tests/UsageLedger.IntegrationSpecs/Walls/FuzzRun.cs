using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>How long doors and parsers are tried: some seconds among the other specs, or the minutes of <c>build/test faults</c>, whose variables it reads.</summary>
internal sealed class FuzzRun
{
    /// <summary>However slow the machine is.</summary>
    private const int TriesMin = 40;

    private static readonly TimeSpan Small = TimeSpan.FromSeconds(2.5);
    private static readonly Lock Turn = new();
    private static readonly Dictionary<string, object> Figures = [];

    private readonly ITestOutputHelper output;
    private readonly string suite;
    private readonly TimeSpan limit;
    private readonly Stopwatch running = Stopwatch.StartNew();
    private readonly int seed;

    public FuzzRun(string suite, ITestOutputHelper output)
    {
        (this.suite, this.output) = (suite, output);
        seed = Number("LEDGER_FAULTS_SEED") ?? Random.Shared.Next();
        limit = Number("LEDGER_FAULTS_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) / 10 : Small;
        Random = new Random(seed);
        output.WriteLine($"{suite}: seed {seed}");
    }

    public Random Random { get; }

    public int Tries { get; private set; }

    /// <summary>Said of every failure, so that it can be had again.</summary>
    public string Seeded => $"{suite}, seed {seed}, try {Tries}";

    /// <summary>Whether there is time for another try.</summary>
    public bool Next()
    {
        Tries++;
        return Tries <= TriesMin || running.Elapsed < limit;
    }

    /// <summary>Tells how many were tried, and keeps it beside the figures of the other suites.</summary>
    public void End(object? more = null)
    {
        output.WriteLine($"{suite}: {Tries} tried in {running.Elapsed.TotalSeconds:0.0} s {more}");
        if (Environment.GetEnvironmentVariable("LEDGER_FAULTS_FOLDER") is not { Length: > 0 } folder)
            return;
        lock (Turn)
        {
            Figures[suite] = new { seed, tries = Tries, seconds = Math.Round(running.Elapsed.TotalSeconds, 1), failures = 0, told = more };
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "walls.json"), JsonSerializer.Serialize(Figures, JsonSerializerOptions.Web) + "\n");
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
