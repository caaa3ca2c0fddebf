using System.CommandLine;
using UsageLedger.Host.Verbs;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Whatever a verb is given that the parser takes, its action says what is wrong, by exit code and without a stack trace. No database answers.</summary>
[Collection(OneProcess.Name)]
public sealed class FuzzedActionsSpecs : IDisposable
{
    private const string ConnectionString = "ConnectionStrings__Ledger";
    private const string DataDir = "Ledger__DataDir";
    private const int DrawsMax = 1_000;

    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(15);

    /// <summary>They go on until they are told to stop.</summary>
    private static readonly string[] NotRun = ["demo", "serve", "simulate"];

    private readonly ITestOutputHelper output;
    private readonly (TextWriter Out, TextWriter Error) console = (Console.Out, Console.Error);
    private readonly string?[] environment = [.. new[] { ConnectionString, DataDir }.Select(Environment.GetEnvironmentVariable)];
    private readonly Dictionary<string, string[]> goods;

    /// <summary>Never closed: what tables are written with keeps the console that it found first.</summary>
    private readonly StringWriter told = new();

    public FuzzedActionsSpecs(ITestOutputHelper output)
    {
        this.output = output;
        Console.SetOut(told);
        Console.SetError(told);
        var folder = SpecFolders.Next();
        Environment.SetEnvironmentVariable(ConnectionString, "Host=127.0.0.1;Port=1;Database=none;Username=none;Password=none");
        Environment.SetEnvironmentVariable(DataDir, folder);
        goods = new()
        {
            ["tenant"] = ["acme"], ["client"] = ["contoso"], ["source"] = ["voice"], ["cycle"] = ["2026-10", "2026-10-01", "current"], ["origin"] = ["2026-09"],
            ["from"] = ["2026-10-01T00:00:00Z", "2026-10-01"], ["to"] = ["2026-10-02T00:00:00Z", "2026-10-02"], ["expires"] = ["2027-01-01T00:00:00Z"],
            ["as-of"] = ["17", "2026-10-02T00:00:00Z"], ["events"] = ["1"], ["status"] = ["open", "dead"], ["format"] = ["csv", "ndjson"], ["price"] = ["call=0.01"],
            ["scopes"] = ["ingest,query"], ["tolerance"] = ["0.05"], ["percent"] = ["1"], ["id"] = ["7938e07a-4276-8411-85ac-f7e55818679c"],
            ["name"] = ["usage_buckets", "all"], ["new-key-file"] = [Path.Combine(folder, "new.key")],
            ["file"] = [Kept(folder, "usage.ndjson", Usage.Record("one"))],
            ["FILE"] = [Kept(folder, "invoice.json", """{"provider":"retell","sourceId":"voice","number":"1","periodStart":"2026-09-01","periodEnd":"2026-10-01","lines":[]}""")],
            ["checkpoint"] = [Kept(folder, "kept.txt", "usageledger\n1\nAAAA\n\n")],
        };
    }

    [Fact]
    public async Task No_arguments_make_an_action_fail()
    {
        var run = new FuzzRun("actions", output);
        var mutations = new Mutations(run.Random);
        var leaves = Leaves(LedgerCommand.Create(), []).ToList();
        var codes = new SortedDictionary<int, int>();
        while (run.Next(leaves.Count))
        {
            // Each once with what is right, and then as it comes.
            var arguments = run.Tries <= leaves.Count
                ? Line(leaves[run.Tries - 1], _ => true, (text, _) => text, mutations)
                : Drawn(leaves, mutations);
            var (code, said) = await InvokedAsync(arguments, run.Seeded);
            codes[code] = codes.GetValueOrDefault(code) + 1;
            code.ShouldBeOneOf([1, 2], $"{run.Seeded}: {string.Join('|', arguments)}\n{said}");
            said.ShouldNotContain("   at ", customMessage: $"{run.Seeded}: {string.Join('|', arguments)}");
        }

        run.End(string.Join(' ', codes.Select(code => $"{code.Key}:{code.Value}")));
        leaves.Count.ShouldBeGreaterThan(20);
        codes.Keys.ToArray().ShouldBe([1, 2], "some had no database, and some were misused");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ConnectionString, environment[0]);
        Environment.SetEnvironmentVariable(DataDir, environment[1]);
        Console.SetOut(console.Out);
        Console.SetError(console.Error);
    }

    private async Task<(int Code, string Told)> InvokedAsync(string[] arguments, string what)
    {
        told.GetStringBuilder().Clear();
        try
        {
            return (await LedgerCommand.RunAsync(arguments).WaitAsync(EndWithin), told.ToString());
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{what}: {string.Join('|', arguments)}", failure);
        }
    }

    /// <summary>A line that the parser takes.</summary>
    private string[] Drawn(List<(string[] Path, Command Command)> leaves, Mutations mutations)
    {
        for (var draw = 0; draw < DrawsMax; draw++)
        {
            var line = Line(mutations.Pick(leaves), option => option.Required || mutations.Chance(2), (text, drawn) => drawn.Chance(2) ? drawn.Text(text) : text, mutations);
            if (LedgerCommand.Create().Parse(line).Errors.Count == 0)
                return line;
        }

        throw new InvalidOperationException($"Of {DrawsMax} lines the parser took none.");
    }

    private string[] Line((string[] Path, Command Command) leaf, Func<Option, bool> isGiven, Func<string, Mutations, string> changed, Mutations mutations)
    {
        var options = leaf.Command.Options.Where(isGiven).Select(option => option.ValueType == typeof(bool) ? option.Name : $"{option.Name}={Value(option.Name.TrimStart('-'))}");
        var arguments = leaf.Command.Arguments.Select(argument => Value(argument.Name)).ToArray();
        return [.. leaf.Path, .. options, .. arguments.Length == 0 ? [] : arguments.Prepend("--")];

        // No shell can pass a zero.
        string Value(string name) => changed(mutations.Pick(goods.GetValueOrDefault(name, ["any"])), mutations).Replace("\0", "", StringComparison.Ordinal);
    }

    private static string Kept(string folder, string name, string text)
    {
        File.WriteAllText(Path.Combine(folder, name), text);
        return Path.Combine(folder, name);
    }

    private static IEnumerable<(string[] Path, Command Command)> Leaves(Command command, string[] path) =>
        command.Subcommands.Where(verb => !NotRun.Contains(verb.Name)).SelectMany(verb => Leaves(verb, [.. path, verb.Name]))
            .Concat(command.Action is null || path.Length == 0 ? [] : [(path, command)]);
}
