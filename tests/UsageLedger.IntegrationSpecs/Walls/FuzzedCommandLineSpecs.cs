using System.CommandLine;
using UsageLedger.Host.Verbs;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Whatever is typed, the command line says what is wrong with it. No shell can pass a zero.</summary>
public sealed class FuzzedCommandLineSpecs(ITestOutputHelper output)
{
    private const int ArgumentsMax = 12;

    [Fact]
    public void No_arguments_make_the_command_line_fail()
    {
        var run = new FuzzRun("command line", output);
        var mutations = new Mutations(run.Random);
        var root = LedgerCommand.Create();
        var words = Words(root).Distinct().ToList();
        var misused = 0;
        while (run.Next())
        {
            var arguments = Enumerable.Range(0, run.Random.Next(ArgumentsMax)).Select(_ => mutations.Chance(3) ? mutations.Text() : mutations.Text(mutations.Pick(words)))
                .Select(argument => argument.Replace("\0", "", StringComparison.Ordinal)).ToArray();
            try
            {
                misused += root.Parse(arguments).Errors.Count > 0 ? 1 : 0;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{run.Seeded}: {string.Join('|', arguments)}", failure);
            }
        }

        run.End(new { misused });
        misused.ShouldBeGreaterThan(0);
    }

    private static IEnumerable<string> Words(Command command) =>
        command.Options.Select(option => option.Name).Append(command.Name).Concat(command.Subcommands.SelectMany(Words));
}
