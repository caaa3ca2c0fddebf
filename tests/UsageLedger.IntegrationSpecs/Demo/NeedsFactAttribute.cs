namespace UsageLedger.IntegrationSpecs.Demo;

/// <summary>Holds only where these programs are installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsFactAttribute : FactAttribute
{
    public NeedsFactAttribute(params string[] programs)
    {
        Programs = programs;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var missing = programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program)))).ToList();
        if (missing.Count > 0)
            Skip = $"not installed here: {string.Join(", ", missing)}";
    }

    public IReadOnlyList<string> Programs { get; }
}
