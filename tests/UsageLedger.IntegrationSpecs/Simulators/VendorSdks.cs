using System.Text.Json;
using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>Holds only where node is, and npm can install the vendors' SDKs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VendorSdkFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(VendorSdks.WhyMissing);

    public VendorSdkFactAttribute() => Skip = Missing.Value;
}

/// <summary>The scripts of <c>tests/vendor-sdks</c>, installed beside these specs' programs as the lock file pins them.</summary>
internal static class VendorSdks
{
    private const string Installed = ".installed";
    private static readonly TimeSpan InstallMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(2);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "vendor-sdks");

    /// <summary>Installs, once for each lock file. Null: they are there.</summary>
    public static string? WhyMissing()
    {
        try
        {
            var mark = Path.Combine(Folder, "node_modules", Installed);
            var wanted = File.ReadAllText(Path.Combine(Folder, "package-lock.json"));
            if (File.Exists(mark) && File.ReadAllText(mark) == wanted)
            {
                return null;
            }

            var install = Program("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000").RunAsync(InstallMax, CancellationToken.None).GetAwaiter().GetResult();
            if (!install.Succeeded)
            {
                return $"the vendors' SDKs cannot be installed: {install.Said}";
            }

            File.WriteAllText(mark, wanted);
            return null;
        }
        catch (EmbeddedPostgresException failure)
        {
            return $"node and npm are needed: {failure.Message}";
        }
    }

    /// <summary>What a script prints.</summary>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        var run = await Program("node", [script, .. arguments]).RunAsync(RunMax, CancellationToken.None);
        run.Succeeded.ShouldBeTrue(run.Said);
        return run.Output;
    }

    /// <summary>Signs or judges a webhook with the vendors' own functions; <c>sign.mjs</c> says what each mode takes and gives.</summary>
    public static async Task<JsonElement> SignAsync(string mode, object given)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(given));
            return JsonDocument.Parse(await RunAsync("sign.mjs", mode, file)).RootElement;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ProgramRun Program(string name, params string[] arguments) => new(name, arguments) { KeepsEnvironment = true, WorkingDirectory = Folder };
}
